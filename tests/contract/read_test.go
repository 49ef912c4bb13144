package contract

import (
	"fmt"
	"testing"

	"github.com/uthoplatforms/utho-go/utho"
)

func TestAccountIsReadWithToken(t *testing.T) {
	user, err := client.Account().Read()
	if err != nil {
		t.Fatal(err)
	}
	if user.ID == "" {
		t.Errorf("the account has no id: %+v", user)
	}
}

func TestServersAreListed(t *testing.T) {
	subject(t)
	servers, err := client.CloudInstances().List()
	if err != nil {
		t.Fatal(err)
	}
	if len(servers) == 0 {
		t.Fatal("the list is empty")
	}
	for _, server := range servers {
		if server.ID == "" || server.Hostname == "" || server.Status == "" || server.Powerstatus == "" {
			t.Errorf("an incomplete row: %+v", server)
		}
	}
}

// The client's List asks for no page; its NewRequest and its types read any.
func TestServersAreListedOverPages(t *testing.T) {
	subject(t)
	first := page(t, 1, 1)
	if first.Meta.Total < 1 || first.Meta.Totalpages != first.Meta.Total || first.Meta.Currentpage != 1 {
		t.Fatalf("one row a page: %+v", first.Meta)
	}
	perPage := (first.Meta.Total + 2) / 3
	seen := map[string]bool{}
	rows := 0
	for number := 1; ; number++ {
		answer := page(t, number, perPage)
		if answer.Meta.Currentpage != number {
			t.Errorf("page %d says that it is page %d", number, answer.Meta.Currentpage)
		}
		for _, server := range answer.CloudInstance {
			seen[server.ID] = true
			rows++
		}
		if number >= answer.Meta.Totalpages {
			break
		}
	}
	if rows != first.Meta.Total || len(seen) != rows {
		t.Errorf("%d rows with %d different ids on pages of %d, %d servers in all", rows, len(seen), perPage, first.Meta.Total)
	}
	if beyond := page(t, first.Meta.Totalpages+1, 1); len(beyond.CloudInstance) != 0 {
		t.Errorf("a page after the last one has %d rows", len(beyond.CloudInstance))
	}
}

func page(t *testing.T, number, perPage int) utho.CloudInstances {
	t.Helper()
	var answer utho.CloudInstances
	get(t, fmt.Sprintf("cloud?page=%d&perpage=%d", number, perPage), &answer)
	return answer
}

func TestServerIsRead(t *testing.T) {
	id := subject(t)
	server := read(t, id)
	if server.ID != id {
		t.Errorf("asked for %s, got %s", id, server.ID)
	}
	if server.Hostname == "" || server.CPU == "" || server.RAM == "" || server.IP == "" || server.CreatedAt == "" {
		t.Errorf("fields are missing: %+v", server)
	}
	if server.Disksize <= 0 || server.Cost <= 0 {
		t.Errorf("disk of %d GB for %f a month", server.Disksize, server.Cost)
	}
	if server.Dclocation.Dc == "" || server.Dclocation.Country == "" {
		t.Errorf("the place is missing: %+v", server.Dclocation)
	}
}

func TestImagesAreListed(t *testing.T) {
	images, err := client.CloudInstances().ListOsImages()
	if err != nil {
		t.Fatal(err)
	}
	if len(images) == 0 || images[0].Image == "" || images[0].Distribution == "" {
		t.Errorf("images: %+v", images)
	}
}
