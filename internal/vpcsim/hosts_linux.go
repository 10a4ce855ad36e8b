package vpcsim

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// patience bounds everything that crosses the network in a test.
const patience = 2 * time.Second

// short is a patience for what should not answer: everything here is one
// machine, and an answer takes less than a millisecond.
const short = 300 * time.Millisecond

// in calls a function with the network namespace of a file such as
// /run/netns/private. Sockets made there stay there.
func in(file string, call func() error) error {
	result := make(chan error)
	go func() {
		// Never unlocked: the thread ends with the goroutine, so that nothing else
		// runs in the wrong namespace.
		runtime.LockOSThread()
		ns, err := os.Open(file)
		if err != nil {
			result <- err
			return
		}
		defer func() { _ = ns.Close() }()
		if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- err
			return
		}
		result <- call()
	}()
	return <-result
}

func netns(name string) string { return "/run/netns/" + name }

// from makes something on a host or machine.
func from[T any](host string, build func() (T, error)) (made T, err error) {
	err = in(netns(host), func() (err error) {
		made, err = build()
		return err
	})
	return made, err
}

// Connections are silent while nobody writes: they send no keep-alives, so that a
// test decides when a packet crosses the network.

// Dial opens a connection from one of the hosts "private", "private2" and
// "internet".
func (v *VPC) Dial(host, network, address string) (net.Conn, error) {
	return v.DialWithin(patience, host, network, address)
}

// DialWithin is Dial with another patience.
func (v *VPC) DialWithin(limit time.Duration, host, network, address string) (net.Conn, error) {
	return from(host, func() (net.Conn, error) { return (&net.Dialer{Timeout: limit, KeepAlive: -1}).Dial(network, address) })
}

// DialMany opens that many connections from one host.
func (v *VPC) DialMany(n int, host, network, address string) ([]net.Conn, error) {
	return from(host, func() (conns []net.Conn, err error) {
		for range n {
			conn, err := (&net.Dialer{Timeout: patience, KeepAlive: -1}).Dial(network, address)
			if err != nil {
				return conns, err
			}
			conns = append(conns, conn)
		}
		return conns, nil
	})
}

// Listen listens on one of the hosts.
func (v *VPC) Listen(host, address string) (net.Listener, error) {
	return from(host, func() (net.Listener, error) {
		return (&net.ListenConfig{KeepAlive: -1}).Listen(context.Background(), "tcp4", address)
	})
}

// ListenPacket listens for datagrams on one of the hosts.
func (v *VPC) ListenPacket(host, address string) (net.PacketConn, error) {
	return from(host, func() (net.PacketConn, error) { return net.ListenPacket("udp4", address) })
}

// Mirror serves on an address of a host: it answers each line with who asked,
// "203.0.113.10:40000 line".
func (v *VPC) Mirror(on, address string) {
	v.tb.Helper()
	v.serveOn(on, address, func(conn net.Conn) {
		lines := bufio.NewScanner(conn)
		for lines.Scan() {
			if _, err := fmt.Fprintf(conn, "%s %s\n", conn.RemoteAddr(), lines.Text()); err != nil {
				return
			}
		}
	})
}

// MirrorPackets does the same with datagrams.
func (v *VPC) MirrorPackets(on, address string) {
	v.tb.Helper()
	conn, err := v.ListenPacket(on, address)
	if err != nil {
		v.tb.Fatal(err)
	}
	v.tb.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(fmt.Appendf(nil, "%s %s", from, buffer[:n]), from)
		}
	}()
}

// serveOn serves connections on an address of a host until the test ends.
func (v *VPC) serveOn(on, address string, handle func(net.Conn)) {
	v.tb.Helper()
	listener, err := v.Listen(on, address)
	if err != nil {
		v.tb.Fatal(err)
	}
	v.tb.Cleanup(func() { listener.Close() })
	go serve(listener, handle)
}

func serve(listener net.Listener, handle func(net.Conn)) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			handle(conn)
		}()
	}
}

// Ask writes a line to a Mirror (or a datagram to a mirror of packets) and
// returns the address that the mirror saw.
func Ask(conn net.Conn, question string) (seen string, err error) {
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(conn, question); err != nil {
		return "", err
	}
	answer := make([]byte, 1500)
	n, err := conn.Read(answer)
	if err != nil {
		return "", err
	}
	seen, rest, _ := strings.Cut(strings.TrimSpace(string(answer[:n])), " ")
	if rest != question {
		return "", fmt.Errorf("the answer to %q is %q", question, rest)
	}
	host, _, err := net.SplitHostPort(seen)
	return host, err
}

// See connects from a host to a Mirror and returns the address that it was seen
// with.
func (v *VPC) See(host, address string) (string, error) { return v.SeeWithin(patience, host, address) }

// SeeWithin is See with another patience.
func (v *VPC) SeeWithin(limit time.Duration, host, address string) (string, error) {
	conn, err := v.DialWithin(limit, host, "tcp4", address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return Ask(conn, "who am I")
}

// NameServer answers every question for an IPv4 address with the same one, by
// UDP and by TCP.
func (v *VPC) NameServer(on, address, answer string) {
	v.tb.Helper()
	reply := func(query []byte) []byte {
		end := 12
		for query[end] != 0 {
			end += 1 + int(query[end])
		}
		end += 5 // the root label, type and class
		message := slices.Clone(query[:end])
		copy(message[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}) // an answer to one question, so far empty
		if query[end-3] == 1 {                                        // type A
			message[7] = 1
			message = append(message, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
			message = append(message, net.ParseIP(answer).To4()...)
		}
		return message
	}
	packets, err := v.ListenPacket(on, address)
	if err != nil {
		v.tb.Fatal(err)
	}
	v.tb.Cleanup(func() { packets.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := packets.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = packets.WriteTo(reply(buffer[:n]), from)
		}
	}()
	v.serveOn(on, address, func(conn net.Conn) {
		var length [2]byte
		for {
			if _, err := io.ReadFull(conn, length[:]); err != nil {
				return
			}
			query := make([]byte, binary.BigEndian.Uint16(length[:]))
			if _, err := io.ReadFull(conn, query); err != nil {
				return
			}
			message := reply(query)
			length := binary.BigEndian.AppendUint16(nil, uint16(len(message))) //nolint:gosec // a question and an answer
			_, _ = conn.Write(append(length, message...))
		}
	})
}

// Drain serves on an address of a host and reads whatever comes.
func (v *VPC) Drain(on, address string) {
	v.tb.Helper()
	v.serveOn(on, address, func(conn net.Conn) {
		_, _ = io.Copy(io.Discard, conn)
	})
}
