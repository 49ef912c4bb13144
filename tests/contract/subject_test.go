package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/uthoplatforms/utho-go/utho"
)

const destroyConfirmation = "I am aware this action will delete data and server permanently"

// deployed holds the servers that the tests made and have not destroyed yet.
var deployed = map[string]bool{}

// sharedServer is the server that all tests but those of deployment use.
var sharedServer string

// subject gives the server to work on: the one that is named, or one that is deployed for all tests together.
func subject(t *testing.T) string {
	t.Helper()
	if here.server != "" {
		return here.server
	}
	if sharedServer == "" {
		sharedServer = deploy(t, "contract-subject")
	}
	awaitIdle(t, sharedServer)
	return sharedServer
}

func deploy(t *testing.T, hostname string) string {
	t.Helper()
	answer, err := client.CloudInstances().Create(utho.CreateCloudInstanceParams{
		Dcslug:         chosen(t, "UTHO_CONTRACT_DCSLUG", "dczones", "dczones", "slug"),
		Planid:         chosen(t, "UTHO_CONTRACT_PLANID", "plans", "plans", "id"),
		Image:          chosen(t, "UTHO_CONTRACT_IMAGE", "cloud/images", "images", "image"),
		EnablePublicip: "true",
		Billingcycle:   "hourly",
		RootPassword:   "Contract-4711",
		Cloud:          []utho.CloudHostname{{Hostname: hostname}},
	})
	if err != nil {
		t.Fatalf("deploy: %v", err)
	}
	if answer.ID == "" {
		t.Fatalf("deploy returned no cloudid: %+v", answer)
	}
	deployed[answer.ID] = true
	awaitServer(t, answer.ID, "Active", "Running")
	return answer.ID
}

// chosen is what the environment names, or else the first row of a catalogue. The client has no types for two of the
// three catalogues.
func chosen(t *testing.T, variable, path, list, field string) string {
	t.Helper()
	if named := os.Getenv(variable); named != "" {
		return named
	}
	var catalogue map[string]any
	get(t, path, &catalogue)
	rows, _ := catalogue[list].([]any)
	for _, row := range rows {
		if fields, ok := row.(map[string]any); ok {
			if value := fmt.Sprint(fields[field]); value != "" && fields[field] != nil {
				return value
			}
		}
	}
	t.Fatalf("GET %s names no %s; set %s", path, field, variable)
	return ""
}

// get reads a path for which the client has no method, through the client.
func get(t *testing.T, path string, into any) {
	t.Helper()
	if err := tryGet(path, into); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
}

func tryGet(path string, into any) error {
	request, err := client.NewRequest("GET", path)
	if err != nil {
		return err
	}
	_, err = client.Do(request, into)
	return err
}

func read(t *testing.T, cloudID string) *utho.CloudInstance {
	t.Helper()
	server, err := client.CloudInstances().Read(cloudID)
	if err != nil {
		t.Fatalf("read server %s: %v", cloudID, err)
	}
	return server
}

func awaitServer(t *testing.T, cloudID, status, power string) {
	t.Helper()
	eventually(t, fmt.Sprintf("server %s is %s and %s", cloudID, status, power), func() error {
		server, err := client.CloudInstances().Read(cloudID)
		if err != nil {
			return err
		}
		if server.Status != status || server.Powerstatus != power {
			return fmt.Errorf("it is %s and %s", server.Status, server.Powerstatus)
		}
		return nil
	})
}

// awaitIdle waits until nothing is under way on a server, as the action list tells it.
func awaitIdle(t *testing.T, cloudID string) {
	t.Helper()
	eventually(t, "nothing is under way on server "+cloudID, func() error {
		actions, err := client.Action().List()
		if err != nil {
			return err
		}
		for _, action := range actions {
			if action.ResourceID == cloudID && action.Status == "Pending" {
				return fmt.Errorf("%s is pending", action.Action)
			}
		}
		return nil
	})
}

// eventually waits until a probe succeeds and tells its last error when it never does.
func eventually(t *testing.T, what string, probe func() error) {
	t.Helper()
	if err := patiently(probe); err != nil {
		t.Fatalf("waiting until %s: %v", what, err)
	}
}

// isUnreadable tells an answer that is no JSON, or not of the client's types.
func isUnreadable(err error) bool {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &wrongType)
}

// accepted repeats a call while the API refuses it, for the server may be busy for a moment longer.
func accepted(t *testing.T, what string, call func() error) {
	t.Helper()
	eventually(t, what+" is accepted", call)
}

func destroy(cloudID string) error {
	_, err := client.CloudInstances().Delete(cloudID, utho.DeleteCloudInstanceParams{Confirm: destroyConfirmation})
	if err == nil {
		delete(deployed, cloudID)
	}
	return err
}

// destroyDeployed removes what the tests left, with patience for an operation that is still under way, and sees it gone.
func destroyDeployed() error {
	for cloudID := range deployed {
		err := patiently(func() error { return destroy(cloudID) })
		if err == nil {
			err = patiently(func() error { return mustBeGone(cloudID) })
		}
		if err != nil {
			return fmt.Errorf("server %s is left over and must be destroyed by hand: %w", cloudID, err)
		}
	}
	return nil
}

func mustBeGone(cloudID string) error {
	if _, err := client.CloudInstances().Read(cloudID); err == nil {
		return errors.New("it can still be read")
	}
	return nil
}

// patiently repeats a probe until it succeeds, until its answer cannot be read, or until the deadline.
func patiently(probe func() error) error {
	until := time.Now().Add(here.deadline)
	for {
		err := probe()
		if err == nil || isUnreadable(err) {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("after %s: %w", here.deadline, err)
		}
		time.Sleep(here.poll)
	}
}
