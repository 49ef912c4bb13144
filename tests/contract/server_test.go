package contract

import (
	"errors"
	"testing"

	"github.com/uthoplatforms/utho-go/utho"
)

func TestServerIsDeployedAndDestroyed(t *testing.T) {
	if here.server != "" {
		t.Skip("UTHO_CONTRACT_SERVER is named: nothing is deployed")
	}
	id := deploy(t, "contract-short-lived")
	if server := read(t, id); server.Hostname != "contract-short-lived" {
		t.Errorf("it is called %s", server.Hostname)
	}
	awaitIdle(t, id)

	if _, err := client.CloudInstances().Delete(id, utho.DeleteCloudInstanceParams{Confirm: "yes"}); err == nil {
		t.Error("it was destroyed without the sentence that the API asks for")
	}
	accepted(t, "the destruction", func() error { return destroy(id) })
	eventually(t, "server "+id+" is gone", func() error { return mustBeGone(id) })
}

func TestPowerOffOnAndCycle(t *testing.T) {
	id := subject(t)
	power := func(what, leadsTo string, call func(string) (*utho.BasicResponse, error)) {
		t.Helper()
		accepted(t, what, func() error {
			_, err := call(id)
			return err
		})
		awaitIdle(t, id)
		eventually(t, "server "+id+" is "+leadsTo, func() error {
			now := read(t, id).Powerstatus
			// A stopped server says Shutdown; older sources know the word Stopped.
			if now == leadsTo || (now == "Stopped" && leadsTo == "Shutdown") {
				return nil
			}
			return errors.New("it is " + now)
		})
	}
	power("poweroff", "Shutdown", client.CloudInstances().PowerOff)
	power("poweron", "Running", client.CloudInstances().PowerOn)
	power("powercycle", "Running", client.CloudInstances().PowerCycle)
	power("hardreboot", "Running", client.CloudInstances().HardReboot)
}

func TestActionsTellWhatHappened(t *testing.T) {
	id := subject(t)
	accepted(t, "powercycle", func() error {
		_, err := client.CloudInstances().PowerCycle(id)
		return err
	})
	awaitIdle(t, id)
	actions, err := client.Action().List()
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range actions {
		if action.ResourceID != id {
			continue
		}
		one, err := client.Action().Read(action.ID)
		if err != nil {
			t.Fatal(err)
		}
		if *one != action {
			t.Errorf("listed as %+v, read as %+v", action, *one)
		}
		return
	}
	t.Errorf("none of %d actions is about server %s", len(actions), id)
}
