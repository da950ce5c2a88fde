package dev.tandem.standin.sockets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The thread of one engine that owns all its ZMQ sockets, which are not thread safe. Others hand it
 * work with {@link #execute} or {@link #call}; sockets and handlers are touched on it alone. A pipe
 * wakes it from its poll.
 *
 * <p>All loops of a process share one ZMQ context with one I/O thread ({@link SharedContext}). The
 * work queue is as long as its callers let it be: the event publisher bounds its own part, requests
 * to peers are bounded by the requests admitted.
 */
public final class SocketLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SocketLoop.class);

  /** Milliseconds a send may block on a full queue before the message counts as lost. */
  private static final int SEND_TIMEOUT_MILLIS = 0;

  private static final long LONGEST_CALL_SECONDS = 30;

  private final ZMQ.Context context = SharedContext.acquire();
  private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Map<ZMQ.Socket, Runnable> readers = new LinkedHashMap<>();

  /** Every open socket, read or not: one left behind would hold up the end of the context. */
  private final Set<ZMQ.Socket> sockets = new HashSet<>();

  private final Pipe pipe;
  private final Thread thread;
  private volatile boolean closed;
  private boolean readersChanged = true;

  private SocketLoop(String name) throws IOException {
    this.pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    pipe.sink().configureBlocking(false);
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Starts a loop. */
  public static SocketLoop start(String name) throws IOException {
    SocketLoop loop = new SocketLoop(name);
    loop.thread.start();
    return loop;
  }

  /** Runs this on the loop's thread, in the order of the calls; dropped once closed. */
  public void execute(Runnable task) {
    work.add(task);
    wake();
  }

  /**
   * Runs this on the loop's thread and waits at most 30 s; for start-up, never on an event loop.
   */
  public <T> T call(Callable<T> task) throws IOException {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> {
      try {
        result.complete(task.call());
      } catch (Exception e) {
        result.completeExceptionally(e);
      }
    });
    try {
      return result.get(LONGEST_CALL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening a socket", e);
    } catch (TimeoutException e) {
      throw new IOException(thread.getName() + " did not answer in 30 s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** A new socket that drops its unsent messages when closed. Loop thread only. */
  public ZMQ.Socket open(SocketType type) {
    ZMQ.Socket socket = context.socket(type);
    socket.setLinger(0);
    socket.setSendTimeOut(SEND_TIMEOUT_MILLIS);
    sockets.add(socket);
    return socket;
  }

  /** Calls the handler whenever the socket has a message. Loop thread only. */
  public void onMessage(ZMQ.Socket socket, Runnable handler) {
    readers.put(socket, handler);
    readersChanged = true;
  }

  /** Closes one socket. Loop thread only. */
  public void close(ZMQ.Socket socket) {
    readers.remove(socket);
    readersChanged = true;
    sockets.remove(socket);
    socket.close();
  }

  /** All frames of the next message, or an empty list when there is none. Loop thread only. */
  public static List<byte[]> receive(ZMQ.Socket socket) {
    List<byte[]> frames = new ArrayList<>(4);
    byte[] frame = socket.recv(ZMQ.DONTWAIT);
    while (frame != null) {
      frames.add(frame);
      frame = socket.hasReceiveMore() ? socket.recv(ZMQ.DONTWAIT) : null;
    }
    return frames;
  }

  /** Sends all frames as one message; false when the socket cannot take it. Loop thread only. */
  public static boolean send(ZMQ.Socket socket, byte[]... frames) {
    for (int i = 0; i < frames.length; i++) {
      if (!socket.send(frames[i], i + 1 < frames.length ? ZMQ.SNDMORE : 0)) {
        return false;
      }
    }
    return true;
  }

  /** Closes every socket and ends the thread. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SharedContext.release();
  }

  private void wake() {
    if (woken.compareAndSet(false, true)) {
      try {
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
      } catch (IOException e) {
        if (!closed) {
          log.warn("cannot wake {}: {}", thread.getName(), e.toString());
        }
      }
    }
  }

  private void run() {
    List<ZMQ.Socket> polled = List.of();
    ZMQ.Poller poller = null;
    try {
      while (!closed) {
        if (poller == null || readersChanged) {
          if (poller != null) {
            poller.close();
          }
          polled = List.copyOf(readers.keySet());
          poller = poller(polled);
          readersChanged = false;
        }
        poller.poll(-1);
        drainPipe();
        for (Runnable task = work.poll(); task != null; task = work.poll()) {
          run(task);
        }
        for (int i = 0; i < polled.size(); i++) {
          Runnable handler = readers.get(polled.get(i));
          if (poller.pollin(i + 1) && handler != null) {
            run(handler);
          }
        }
      }
    } finally {
      if (poller != null) {
        poller.close();
      }
      sockets.forEach(ZMQ.Socket::close);
      sockets.clear();
      readers.clear();
      closePipe();
    }
  }

  private ZMQ.Poller poller(List<ZMQ.Socket> sockets) {
    ZMQ.Poller poller = context.poller(sockets.size() + 1);
    poller.register(pipe.source(), ZMQ.Poller.POLLIN);
    for (ZMQ.Socket socket : sockets) {
      poller.register(socket, ZMQ.Poller.POLLIN);
    }
    return poller;
  }

  /** One bad message or task must not end the loop: everything else of the engine lives on it. */
  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("{}: task failed", thread.getName(), e);
    }
  }

  /**
   * Empties the pipe before it says so: the other way round a wake-up in between would be read here
   * and still count as pending, and nobody would write again.
   */
  private void drainPipe() {
    ByteBuffer bytes = ByteBuffer.allocate(64);
    try {
      while (pipe.source().read(bytes) > 0) {
        bytes.clear();
      }
    } catch (IOException e) {
      log.warn("{}: wake-up pipe: {}", thread.getName(), e.toString());
    }
    woken.set(false);
  }

  private void closePipe() {
    try {
      pipe.sink().close();
      pipe.source().close();
    } catch (IOException e) {
      log.debug("closing the wake-up pipe: {}", e.toString());
    }
  }
}
