/** A data centre, as `dcslug` names it. */
export interface Zone {
  /** The `dcslug` of deploy and the `dc` of a server's location. */
  slug: string;
  /** City; what a server's location says. */
  city: string;
  /** Name of the country. */
  country: string;
  /** Country code, the `dccc` of a server's location. */
  countryCode: string;
  /** The processor that `/dczones` names as its `default_cpu`; left out: none is named. */
  defaultCpu?: string | undefined;
  /** IANA zone of the times of what stands there; default: that of the settings. */
  timeZone?: string | undefined;
}

/** A server size that can be ordered. */
export interface Plan {
  /** What deploy takes as `planid`. */
  id: string;
  /** Number of virtual processors. */
  cpu: number;
  /** Memory in MB. */
  ramMb: number;
  /** Disk in GB; 0: it has none of its own, and deploy needs `ebs`. */
  diskGb: number;
  /** INR a month. */
  monthlyCost: number;
}

/** An operating system image. */
export interface Image {
  /** What deploy takes as `image`. */
  name: string;
  /** Name of the distribution. */
  distribution: string;
  /** Version of the distribution. */
  version: string;
}

export const defaultZones: readonly Zone[] = [
  { slug: "inmumbaizone2", city: "Mumbai", country: "India", countryCode: "in", defaultCpu: "amd" },
  { slug: "innoida", city: "Noida", country: "India", countryCode: "in", defaultCpu: "amd" },
  { slug: "inbangalore", city: "Bangalore", country: "India", countryCode: "in", defaultCpu: "amd" },
];

export const defaultPlans: readonly Plan[] = [
  { id: "10045", cpu: 1, ramMb: 2048, diskGb: 50, monthlyCost: 600 },
  { id: "10046", cpu: 2, ramMb: 4096, diskGb: 80, monthlyCost: 1200 },
  { id: "10047", cpu: 4, ramMb: 8192, diskGb: 160, monthlyCost: 2400 },
];

export const defaultImages: readonly Image[] = [
  { name: "ubuntu-22.04-x86_64", distribution: "ubuntu", version: "22.04" },
  { name: "debian-12-x86_64", distribution: "debian", version: "12" },
  { name: "almalinux-9-x86_64", distribution: "almalinux", version: "9" },
];
