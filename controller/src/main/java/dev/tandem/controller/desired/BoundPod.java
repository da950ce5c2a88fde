package dev.tandem.controller.desired;

import org.jspecify.annotations.Nullable;

/**
 * What a stamp depends on, of one pod. Immutable.
 *
 * @param namespace of the pod
 * @param name of the pod
 * @param uid tells it from a later pod of the same name
 * @param node where it is bound; null: nowhere yet
 * @param inject value of its label {@link dev.tandem.api.Keys#INJECT}; null: it has none
 * @param locality value of its annotation {@link dev.tandem.api.Keys#LOCALITY}; null: it has none
 * @param over whether it has ended, is being deleted, or belongs to a kubelet (a mirror pod)
 */
public record BoundPod(
    String namespace,
    String name,
    String uid,
    @Nullable String node,
    @Nullable String inject,
    @Nullable String locality,
    boolean over) {}
