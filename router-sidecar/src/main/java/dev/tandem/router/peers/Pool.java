package dev.tandem.router.peers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is in the pool now, as discovery sees it. Used from one thread, the router's event loop. */
public final class Pool {

  /** How discovery stands. */
  public sealed interface Status {
    /** No answer yet. */
    record Syncing() implements Status {}

    /** The list is complete. */
    record Synced() implements Status {}

    /** Nobody to ask, or refused: the members are the last ones known, or the own pod alone. */
    record Unavailable(String reason) implements Status {}
  }

  private @Nullable Peer self;
  private final Set<String> trusted;
  private final Map<String, Peer> members = new HashMap<>();
  private final List<Consumer<Peer>> joined = new ArrayList<>();
  private final List<Consumer<Peer>> left = new ArrayList<>();
  private Status status = new Status.Syncing();

  /**
   * A pool that so far holds the own pod only.
   *
   * @param self the own pod, or null for a gateway
   * @param trusted addresses outside the pool that may use the peer port
   */
  public Pool(@Nullable Peer self, Collection<String> trusted) {
    this.self = self;
    this.trusted = new HashSet<>(trusted);
    if (self != null) {
      members.put(self.name(), self);
    }
  }

  public Collection<Peer> members() {
    return members.values();
  }

  public @Nullable Peer member(String name) {
    return members.get(name);
  }

  /**
   * Members that serve a model and are not on their way out; where nobody has that name it may be
   * an adapter's, and any may know it.
   */
  public List<Peer> serving(String model) {
    boolean known = members.values().stream().anyMatch(peer -> model.equals(peer.model()));
    return members.values().stream()
        .filter(peer -> !peer.draining())
        .filter(peer -> !known || peer.model() == null || model.equals(peer.model()))
        .toList();
  }

  /** The own pod, or null for a gateway. */
  public @Nullable Peer self() {
    return self;
  }

  /** Corrects what is known of the own pod: its port once bound, its stamp once written. */
  public void self(@Nullable Peer now) {
    if (now != null && self != null && now.name().equals(self.name())) {
      self = now.asSeen(self);
      members.put(now.name(), self);
    }
  }

  /** These are the members, for good. */
  public void fixed(Collection<Peer> peers) {
    replace(peers);
    status(new Status.Synced());
  }

  /** Nobody can be asked; the members stay as they are. */
  public void unavailable(String reason) {
    status(new Status.Unavailable(reason));
  }

  public Status status() {
    return status;
  }

  void status(Status now) {
    status = now;
  }

  /** Whether a connection from this address may use the peer port. */
  public boolean admits(String address) {
    return trusted.contains(address)
        || members.values().stream().anyMatch(peer -> peer.host().equals(address));
  }

  /** The member listening there, or null: control headers may name no other place. */
  public @Nullable Peer at(String address) {
    for (Peer peer : members.values()) {
      if (peer.address().equals(address) || peer.servingAddress().equals(address)) {
        return peer;
      }
    }
    return null;
  }

  /** Registers to be told of members other than the own pod; a changed one leaves and joins. */
  public void listen(Consumer<Peer> whenJoined, Consumer<Peer> whenLeft) {
    joined.add(whenJoined);
    left.add(whenLeft);
    members.values().stream().filter(peer -> !isSelf(peer)).forEach(whenJoined);
  }

  /** Takes a member in, or notes that it changed. The own pod is known better here. */
  void put(Peer peer) {
    if (self != null && peer.pod().equals(self.name())) {
      self = self.asSeen(peer);
      members.put(self.name(), self);
      return;
    }
    Peer before = members.put(peer.name(), peer);
    if (peer.equals(before)) {
      return;
    }
    if (before != null && !before.address().equals(peer.address())) {
      left.forEach(listener -> listener.accept(before));
    }
    if (before == null || !before.address().equals(peer.address())) {
      joined.forEach(listener -> listener.accept(peer));
    }
  }

  /** These, and no others, are the engines of a pod; none when it is gone. */
  void pod(String pod, Collection<Peer> engines) {
    Set<String> names = new HashSet<>();
    engines.forEach(engine -> names.add(engine.name()));
    for (Peer member : List.copyOf(members.values())) {
      if (member.pod().equals(pod) && !names.contains(member.name())) {
        remove(member.name());
      }
    }
    engines.forEach(this::put);
  }

  void remove(String name) {
    Peer peer = members.get(name);
    if (peer != null && !isSelf(peer)) {
      members.remove(name);
      left.forEach(listener -> listener.accept(peer));
    }
  }

  /** Makes these, and the own pod, the only members. */
  void replace(Collection<Peer> peers) {
    Set<String> names = new HashSet<>();
    peers.forEach(peer -> names.add(peer.name()));
    for (String name : List.copyOf(members.keySet())) {
      if (!names.contains(name)) {
        remove(name);
      }
    }
    peers.forEach(this::put);
  }

  private boolean isSelf(Peer peer) {
    return self != null && peer.name().equals(self.name());
  }
}
