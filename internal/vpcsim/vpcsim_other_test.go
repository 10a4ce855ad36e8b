//go:build !linux

package vpcsim_test

import "testing"

func TestPacketsCanBeSentOnThisMachine(t *testing.T) {
	t.Skip("NO PACKET WAS SENT: network namespaces are Linux's")
}
