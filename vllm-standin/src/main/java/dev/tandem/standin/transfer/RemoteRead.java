package dev.tandem.standin.transfer;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Transfer;
import dev.tandem.standin.schedule.RemotePrefill;
import dev.tandem.standin.schedule.Timing;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's blocks on another engine, from admission to the end of the pull: heartbeats while
 * it waits, then handshake (once an engine), begin, the modelled time, done. Event loop only.
 */
final class RemoteRead implements RemotePrefill {
  private static final Logger log = LoggerFactory.getLogger(RemoteRead.class);

  private final Peers peers;
  private final TransferParams.Remote remote;
  private Timing.@Nullable Timer heartbeat;
  private @Nullable Outcome outcome;
  private Transfer transfer = Transfer.NONE;

  RemoteRead(Peers peers, TransferParams.Remote remote) {
    this.peers = peers;
    this.remote = remote;
    beatLater();
  }

  @Override
  public void pull(int missingBlocks, int promptBlocks, Outcome toCall) {
    outcome = toCall;
    if (remote.blocks() < promptBlocks) {
      fail(
          "engine %s holds %d blocks of %d that the prompt has"
              .formatted(remote.engineId(), remote.blocks(), promptBlocks));
      return;
    }
    PeerConnection peer = peers.connection(remote);
    Handshake known = peer.handshake;
    if (known != null && known.engineId().equals(remote.engineId())) {
      begin(peer, known, missingBlocks);
      return;
    }
    peer.ask(
        new PeerMessage.GetMeta(0, 0),
        new FramesOrFailure() {
          @Override
          public void frames(List<byte[]> frames) {
            greeted(peer, frames, missingBlocks);
          }
        });
  }

  @Override
  public void abandon() {
    if (outcome != null) {
      return; // the pull goes on to its end
    }
    stopHeartbeat();
    peers
        .connection(remote)
        .ask(
            new PeerMessage.ReadDone(remote.engineId(), remote.requestId()),
            new Notification("release"));
  }

  private void greeted(PeerConnection peer, List<byte[]> frames, int missingBlocks) {
    Handshake greeting;
    try {
      greeting = Handshake.decode(frames.isEmpty() ? new byte[0] : frames.getFirst());
    } catch (IOException e) {
      fail("engine " + remote.engineId() + ": " + e.getMessage());
      return;
    }
    if (!greeting.engineId().equals(remote.engineId())) {
      fail("expected engine " + remote.engineId() + ", found engine " + greeting.engineId());
      return;
    }
    if (peers.config.enforceCompatibility()
        && !greeting.compatibilityHash().equals(peers.identity.compatibilityHash())) {
      fail(
          "NIXL compatibility hash mismatch: local %s, engine %s has %s"
              .formatted(
                  peers.identity.compatibilityHash(),
                  greeting.engineId(),
                  greeting.compatibilityHash()));
      return;
    }
    peer.handshake = greeting;
    begin(peer, greeting, missingBlocks);
  }

  private void begin(PeerConnection peer, Handshake source, int missingBlocks) {
    transfer =
        peers
            .identity
            .model()
            .transfer(
                (long) missingBlocks * peers.identity.blockSize(),
                source.tensorParallel(),
                peers.identity.tensorParallel());
    peer.ask(
        new PeerMessage.BeginRead(remote.engineId(), remote.requestId()),
        new ReplyOrFailure() {
          @Override
          public void ok(int otherReads) {
            begun(peer, source, otherReads);
          }
        });
  }

  /** Our own place may be in a file: it is read on the socket thread. */
  private void begun(PeerConnection peer, Handshake source, int otherReads) {
    peers.sockets.execute(() -> {
      LocalityPath from = Locality.parse(source.locality());
      LocalityPath to = peers.identity.locality().get();
      peers.eventLoop.execute(() -> transfer(peer, from, to, otherReads));
    });
  }

  private void transfer(
      PeerConnection peer, @Nullable LocalityPath from, @Nullable LocalityPath to, int otherReads) {
    TransferTime cost =
        TransferTime.of(from, to, transfer, Math.max(otherReads, peers.activeReads));
    peers.activeReads++;
    peers.timing.after(
        peers.time.nanos(cost.seconds()),
        () -> {
          peers.activeReads--;
          done(peer, cost);
        });
  }

  private void done(PeerConnection peer, TransferTime cost) {
    stopHeartbeat();
    peer.ask(
        new PeerMessage.ReadDone(remote.engineId(), remote.requestId()),
        new ReplyOrFailure() {
          @Override
          public void ok(int otherReads) {
            peers.metrics.transferred(
                cost.seconds() / peers.time.speedUp(),
                cost.postSeconds() / peers.time.speedUp(),
                transfer.bytes(),
                transfer.descriptors());
            Objects.requireNonNull(outcome).received();
          }
        });
  }

  private void fail(String why) {
    stopHeartbeat();
    log.warn("pull of request {} failed: {}", remote.requestId(), why);
    Outcome told = Objects.requireNonNull(outcome);
    // later, as the contract says: the caller is still inside pull() perhaps
    peers.timing.after(0, () -> told.failed(why));
  }

  private void beatLater() {
    heartbeat =
        peers.timing.after(
            peers.config.heartbeat().toNanos(),
            () -> {
              peers
                  .connection(remote)
                  .ask(
                      new PeerMessage.Heartbeat(remote.engineId(), remote.requestId()),
                      new Notification("heartbeat"));
              beatLater();
            });
  }

  private void stopHeartbeat() {
    if (heartbeat != null) {
      heartbeat.cancel();
      heartbeat = null;
    }
  }

  private abstract class FramesOrFailure implements PeerConnection.Answer {
    @Override
    public void none(String why) {
      fail(why);
    }
  }

  private abstract class ReplyOrFailure extends FramesOrFailure {
    abstract void ok(int otherReads);

    @Override
    public void frames(List<byte[]> frames) {
      try {
        switch (PeerReply.decode(frames.isEmpty() ? new byte[0] : frames.getFirst())) {
          case PeerReply.Ok(int otherReads) -> ok(otherReads);
          case PeerReply.Gone(String why) -> fail(why);
        }
      } catch (IOException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }
  }

  /** A message whose answer changes nothing but a counter. */
  private final class Notification implements PeerConnection.Answer {
    private final String what;

    Notification(String what) {
      this.what = what;
    }

    @Override
    public void frames(List<byte[]> frames) {
      log.trace("{} for {} taken", what, remote.requestId());
    }

    @Override
    public void none(String why) {
      peers.metrics.failedNotification();
      log.warn("{} for request {} not taken: {}", what, remote.requestId(), why);
    }
  }
}
