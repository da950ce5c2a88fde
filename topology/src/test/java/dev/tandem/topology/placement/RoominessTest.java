package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import org.junit.jupiter.api.Test;

/** Three NVLink domains of four nodes with 8 GPUs each; groups of 1P+1D with 4 GPUs each. */
class RoominessTest {

  /** GPUs in use on each node. */
  private static Scene used(int... used) {
    Scene scene = Scene.regular(used.length, 4, used.length, used.length);
    for (int node = 0; node < used.length; node++) {
      scene.use("gpu-%04d".formatted(node), used[node]);
    }
    return scene;
  }

  private static String domain(Scene scene, Scene.Wanted group) {
    assertThat(scene.placeAll(group)).isTrue();
    assertThat(scene.inOneDomain(group)).isTrue();
    return "n" + Integer.parseInt(group.placed.getFirst().node().substring(4)) / 4;
  }

  @Test
  void aGroupGetsRoomForOneMoreWhichThenLandsBesideIt() {
    Scene scene = used(8, 8, 4, 4, 8, 4, 4, 4, 4, 4, 4, 4);
    Scene.Wanted chat = scene.group("chat", 1, 1, 4);
    Member first = chat.members.getFirst();
    assertThat(((Ranking.Ranked) scene.ask(chat, first, scene.feasible(first))).best().reason())
        .isEqualTo(
            "group chat whole in NVLink domain n1 (450 GB/s), 2 nodes, with room for one more");
    assertThat(domain(scene, chat)).isEqualTo("n1");
    Scene.add(chat, Role.DECODE, 1, 4);
    Member late = chat.members.removeLast();
    chat.members.add(new Member("late", late.role(), late.gpus()));
    assertThat(scene.place(chat, chat.member("late"))).isTrue();
    assertThat(scene.inOneDomain(chat)).isTrue();
  }

  @Test
  void theDomainThatHasMostFreeIsNotOpenedForRoom() {
    Scene scene = used(8, 8, 4, 4, 8, 8, 4, 4, 8, 4, 4, 4);
    assertThat(domain(scene, scene.group("chat", 1, 1, 4))).isIn("n0", "n1");
  }

  @Test
  void aWholeDomainIsNotOpenedForRoom() {
    Scene scene = used(8, 8, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(domain(scene, scene.group("chat", 1, 1, 4))).isEqualTo("n0");
  }

  @Test
  void aWholeNodeIsNotOpenedForRoom() {
    Scene scene = used(8, 8, 4, 4, 8, 8, 8, 0, 0, 0, 0, 4);
    assertThat(domain(scene, scene.group("chat", 1, 1, 4))).isEqualTo("n0");
  }

  @Test
  void roomIsNotWorthALongerTransfer() {
    Scene scene = used(8, 8, 4, 4, 8, 8, 8, 4, 8, 8, 4, 8);
    assertThat(domain(scene, scene.group("chat", 1, 1, 4))).isEqualTo("n0");
  }
}
