package dev.tandem.cli.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The files of a pod's downward API volumes, each volume in a temporary directory, as the kubelet
 * would mount them. They are written once: nothing corrects an annotation of a running pod in a
 * local run. Other volumes (tokens, caches) have no counterpart here.
 */
final class DownwardFiles implements AutoCloseable {

  /** By volume; each a directory of its own. */
  private final Map<String, Path> volumes = new HashMap<>();

  private DownwardFiles() {}

  static DownwardFiles write(Pod pod, String address) throws IOException {
    DownwardFiles files = new DownwardFiles();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getDownwardAPI() != null) {
        Path directory = Files.createTempDirectory("tandem-pod-");
        files.volumes.put(volume.getName(), directory);
        for (DownwardAPIVolumeFile item : volume.getDownwardAPI().getItems()) {
          if (item.getFieldRef() != null) {
            Files.writeString(
                directory.resolve(Path.of(item.getPath()).getFileName()),
                ContainerProcess.field(pod, address, item.getFieldRef().getFieldPath()));
          }
        }
      }
    }
    return files;
  }

  /** Replaces the container's mount paths, wherever they stand in a text, by the real ones. */
  UnaryOperator<String> pathsOf(Container container) {
    List<VolumeMount> mounts = new ArrayList<>(container.getVolumeMounts());
    mounts.removeIf(mount -> !volumes.containsKey(mount.getName()));
    return text -> {
      String local = text;
      for (VolumeMount mount : mounts) {
        Path directory = volumes.get(mount.getName());
        if (directory != null) {
          local = local.replace(mount.getMountPath(), directory.toString());
        }
      }
      return local;
    };
  }

  @Override
  public void close() throws IOException {
    for (Path directory : volumes.values()) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    }
  }
}
