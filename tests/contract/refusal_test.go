package contract

import (
	"errors"
	"net/http"
	"testing"

	"github.com/uthoplatforms/utho-go/utho"
)

// Far above any id that is given in our time.
const (
	unknownServer   = "987654321012"
	unknownSnapshot = "987654321013"
)

func TestUnknownServerIsRefused(t *testing.T) {
	_, err := client.CloudInstances().Read(unknownServer)
	mustRefuse(t, "reading it", err)
	_, err = client.CloudInstances().CreateSnapshot(unknownServer, utho.CreateSnapshotParams{Name: "contract-nowhere"})
	mustRefuse(t, "a snapshot of it", err)
	_, err = client.CloudInstances().PowerOff(unknownServer)
	mustRefuse(t, "switching it off", err)
	_, err = client.CloudInstances().Delete(unknownServer, utho.DeleteCloudInstanceParams{Confirm: destroyConfirmation})
	mustRefuse(t, "destroying it", err)
}

func TestUnknownSnapshotIsRefused(t *testing.T) {
	id := subject(t)
	_, err := client.CloudInstances().RestoreSnapshot(id, unknownSnapshot)
	mustRefuse(t, "restoring it", err)
	_, err = client.CloudInstances().DeleteSnapshot(id, unknownSnapshot)
	mustRefuse(t, "deleting it", err)
	awaitServer(t, id, "Active", "Running")
}

func TestNamelessSnapshotIsRefused(t *testing.T) {
	id := subject(t)
	before := len(snapshotsOf(t, id))
	_, err := client.CloudInstances().CreateSnapshot(id, utho.CreateSnapshotParams{})
	mustRefuse(t, "a snapshot without a name", err)
	if after := len(snapshotsOf(t, id)); after != before {
		t.Errorf("%d snapshots before, %d after", before, after)
	}
}

func TestWrongTokenIsRefused(t *testing.T) {
	refused, err := newClient("no-such-token")
	if err != nil {
		t.Fatal(err)
	}
	_, err = refused.Account().Read()
	mustRefuse(t, "reading the account", err)
	_, err = refused.CloudInstances().List()
	mustRefuse(t, "listing the servers", err)
}

func TestBusyServerIsRefused(t *testing.T) {
	id := subject(t)
	before := snapshotsOf(t, id)
	if _, err := client.CloudInstances().CreateSnapshot(id, utho.CreateSnapshotParams{Name: "contract-busy"}); err != nil {
		t.Fatal(err)
	}
	_, err := client.CloudInstances().CreateSnapshot(id, utho.CreateSnapshotParams{Name: "contract-too-early"})
	mustRefuse(t, "a second snapshot at the same time", err)
	_, err = client.CloudInstances().PowerOff(id)
	mustRefuse(t, "switching it off meanwhile", err)

	awaitIdle(t, id)
	for snapshotID, snapshot := range snapshotsOf(t, id) {
		if _, known := before[snapshotID]; known {
			continue
		}
		if snapshot.Name == "contract-too-early" {
			t.Error("the refused snapshot was taken")
		}
		deleteSnapshot(t, id, snapshotID)
	}
}

// mustRefuse wants a refusal by the API: an error inside HTTP 200, which the client turns into the message alone, or an
// answer with HTTP 4xx. A broken connection or an answer that the client cannot read is none.
func mustRefuse(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s was not refused", what)
		return
	}
	var answer *utho.ErrorResponse
	if errors.As(err, &answer) {
		if code := answer.Response.StatusCode; code < http.StatusBadRequest || code >= http.StatusInternalServerError {
			t.Errorf("%s was answered with HTTP %d", what, code)
		}
		return
	}
	var transport interface{ Timeout() bool }
	if err.Error() == "" || errors.As(err, &transport) || isUnreadable(err) {
		t.Errorf("%s failed without a refusal: %v", what, err)
	}
}
