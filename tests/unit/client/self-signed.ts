import { createPrivateKey } from "node:crypto";

// A key and a certificate for localhost that no authority has signed, made for these tests and used nowhere else.
const jwk = {
  kty: "EC",
  crv: "P-256",
  x: "gl58yNHOiDbcHVMfYFmJ4r9zg0V3yGsFqtJpr8jzQss",
  y: "QOF4K3RXPQC0m8FSD5LRjno6FbxxGlKCNZ6yxI3_QYE",
  d: "HKc2Pc0ACoppPjZwCCGCWCG2t2A5iE7wJOQ3ax89glA",
};

export const selfSigned = {
  key: createPrivateKey({ key: jwk, format: "jwk" }).export({ type: "pkcs8", format: "pem" }),
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUHVQAgRyT7rSalCaj13AJixWd4LUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIyMjMxOFoYDzIxMjYxMDI5
MjIyMzE4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASCXnzI0c6INtwdUx9gWYniv3ODRXfIawWq0mmvyPNCy0DheCt0Vz0A
tJvBUg+S0Y56OhW8cRpSgjWessSN/0GBo28wbTAdBgNVHQ4EFgQUDB6OV+DbFMYF
yyEmtw6NLbpoSFswHwYDVR0jBBgwFoAUDB6OV+DbFMYFyyEmtw6NLbpoSFswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAPDVSyS4fCt3eyY6iroIcQSbDWLpsfnF5LG8jNlsI/64AiA0
uvifvDSi72ZYRppGCZyMBtnt54OGv/SPudEhZPpYyg==
-----END CERTIFICATE-----`,
};
