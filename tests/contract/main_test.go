// Package contract proves an endpoint that speaks Utho's API by Utho's own Go client. It is how the simulator shows
// that it answers as Utho's own software expects, and it can be pointed at any other endpoint:
//
//	UTHO_ENDPOINT=http://127.0.0.1:8080/v2 UTHO_TOKEN=… go test ./...
//
// What changes or destroys something runs on servers that the tests deployed themselves and destroy afterwards, or on
// the one that UTHO_CONTRACT_SERVER names. On an endpoint that is not loopback that costs money, so
// UTHO_CONTRACT_CONFIRM=yes must be set; UTHO_CONTRACT_DCSLUG, UTHO_CONTRACT_PLANID and UTHO_CONTRACT_IMAGE then choose
// what is deployed (default: the first of each that the endpoint offers). Use -timeout 60m there.
package contract

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/uthoplatforms/utho-go/utho"
)

// settings says where the tests run and how patient they are.
type settings struct {
	endpoint string
	token    string
	server   string
	poll     time.Duration
	deadline time.Duration
}

var (
	here   settings
	client utho.Client
)

func TestMain(m *testing.M) {
	var err error
	if here, err = readSettings(); err == nil {
		client, err = newClient(here.token)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "contract:", err)
		os.Exit(2)
	}
	code := m.Run()
	if err := destroyDeployed(); err != nil {
		fmt.Fprintln(os.Stderr, "contract:", err)
		code = 1
	}
	os.Exit(code)
}

func newClient(token string) (utho.Client, error) {
	return utho.NewClient(token, utho.WithBaseURL(here.endpoint))
}

func readSettings() (settings, error) {
	s := settings{
		endpoint: os.Getenv("UTHO_ENDPOINT"),
		token:    os.Getenv("UTHO_TOKEN"),
		server:   os.Getenv("UTHO_CONTRACT_SERVER"),
		poll:     20 * time.Millisecond,
		deadline: 30 * time.Second,
	}
	if s.endpoint == "" || s.token == "" {
		return s, errors.New("set UTHO_ENDPOINT and UTHO_TOKEN to the endpoint to test, such as http://127.0.0.1:8080/v2")
	}
	parsed, err := url.Parse(s.endpoint)
	if err != nil || parsed.Host == "" {
		return s, fmt.Errorf("UTHO_ENDPOINT %q is no address", s.endpoint)
	}
	if !isLoopback(parsed.Hostname()) {
		if os.Getenv("UTHO_CONTRACT_CONFIRM") != "yes" {
			return s, fmt.Errorf("%s is not on this machine: the tests deploy servers, take and restore snapshots and "+
				"destroy what they deployed, which costs money; set UTHO_CONTRACT_CONFIRM=yes to go on", parsed.Host)
		}
		// A snapshot takes 2 to 10 minutes there.
		s.poll, s.deadline = 10*time.Second, 20*time.Minute
	}
	return s, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
