package dev.tandem.webhook.inject;

/**
 * Where a pod comes from, which the pod itself does not always say.
 *
 * @param namespace the request's namespace; a pod's own may be empty on CREATE
 * @param namespaceOptedIn whether the namespace carries {@code inject: "true"}, so that a pod
 *     without the label is meant too
 */
public record Origin(String namespace, boolean namespaceOptedIn) {}
