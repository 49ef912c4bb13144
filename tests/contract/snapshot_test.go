package contract

import (
	"errors"
	"fmt"
	"testing"

	"github.com/uthoplatforms/utho-go/utho"
)

func TestSnapshotIsCreatedRestoredAndDeleted(t *testing.T) {
	id := subject(t)
	snapshot := takeSnapshot(t, id, "contract-life")
	if snapshot.CreatedAt == "" || snapshot.Size == "" {
		t.Errorf("fields are missing: %+v", snapshot)
	}

	accepted(t, "the restore", func() error {
		_, err := client.CloudInstances().RestoreSnapshot(id, snapshot.ID)
		return err
	})
	awaitServer(t, id, "Active", "Running")
	awaitIdle(t, id)
	if _, ok := snapshotsOf(t, id)[snapshot.ID]; !ok {
		t.Error("the restore took the snapshot away")
	}

	deleteSnapshot(t, id, snapshot.ID)
}

func TestSnapshotsOfOneServerAreKeptApart(t *testing.T) {
	id := subject(t)
	first := takeSnapshot(t, id, "contract-first")
	second := takeSnapshot(t, id, "contract-second")
	deleteSnapshot(t, id, first.ID)
	if _, ok := snapshotsOf(t, id)[second.ID]; !ok {
		t.Error("the deletion of the first took the second")
	}
	deleteSnapshot(t, id, second.ID)
}

// takeSnapshot creates one and finds its id, which no answer tells: it is the one that was not there before.
func takeSnapshot(t *testing.T, cloudID, name string) utho.Snapshots {
	t.Helper()
	before := snapshotsOf(t, cloudID)
	if _, err := client.CloudInstances().CreateSnapshot(cloudID, utho.CreateSnapshotParams{Name: name}); err != nil {
		t.Fatalf("create snapshot %s: %v", name, err)
	}
	var made utho.Snapshots
	eventually(t, "snapshot "+name+" is listed", func() error {
		for snapshotID, snapshot := range snapshotsOf(t, cloudID) {
			if _, known := before[snapshotID]; !known && snapshot.Name == name {
				made = snapshot
				return nil
			}
		}
		return errors.New("it is not listed")
	})
	awaitActive(t, cloudID, made.ID)
	return made
}

// awaitActive waits until a snapshot is usable. The client knows no status of snapshots, so the account's listing is
// asked through it; where the endpoint has none, the end of the action has to do.
func awaitActive(t *testing.T, cloudID, snapshotID string) {
	t.Helper()
	awaitIdle(t, cloudID)
	var listing struct {
		Snapshots []struct {
			// Seen as a string and as a number.
			ID     any    `json:"id"`
			Status string `json:"status"`
		} `json:"snapshots"`
	}
	offered := func() bool {
		return tryGet("cloud/getdeploy?product=cloud", &listing) == nil && listing.Snapshots != nil
	}
	if !offered() {
		t.Log("the endpoint has no listing of the account")
		return
	}
	eventually(t, "snapshot "+snapshotID+" is Active", func() error {
		offered()
		for _, row := range listing.Snapshots {
			if fmt.Sprint(row.ID) == snapshotID {
				if row.Status == "Active" {
					return nil
				}
				return fmt.Errorf("it is %s", row.Status)
			}
		}
		return errors.New("the account's listing lacks it")
	})
}

func snapshotsOf(t *testing.T, cloudID string) map[string]utho.Snapshots {
	t.Helper()
	found := map[string]utho.Snapshots{}
	for _, snapshot := range read(t, cloudID).Snapshots {
		found[snapshot.ID] = snapshot
	}
	return found
}

func deleteSnapshot(t *testing.T, cloudID, snapshotID string) {
	t.Helper()
	accepted(t, "the deletion", func() error {
		_, err := client.CloudInstances().DeleteSnapshot(cloudID, snapshotID)
		return err
	})
	eventually(t, "snapshot "+snapshotID+" is gone", func() error {
		if _, still := snapshotsOf(t, cloudID)[snapshotID]; still {
			return errors.New("it is still listed")
		}
		return nil
	})
}
