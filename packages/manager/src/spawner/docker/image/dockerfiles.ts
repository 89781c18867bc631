/**
 * Constant text: what users write reaches a build as files and build arguments of ours, never as Dockerfile. Its hash is
 * asserted by a test and part of every image's identity. No `# syntax=` line: it would pull a frontend.
 */
export const dockerfiles = {
  /** System libraries on top of the base. */
  apt: `ARG PARENT
FROM \${PARENT}
USER root
COPY apt.txt /rserve/in/apt.txt
RUN --mount=type=cache,id=rsp-apt-cache,target=/var/cache/apt,sharing=locked --mount=type=cache,id=rsp-apt-lists,target=/var/lib/apt/lists,sharing=locked \\
    apt-get update && DEBIAN_FRONTEND=noninteractive xargs -r -a /rserve/in/apt.txt apt-get install -y --no-install-recommends && rm -r /rserve/in
USER 10001:10001
`,
  /** No WORKDIR: R runs the .Rprofile of the folder it starts in. */
  code: `ARG PARENT
FROM \${PARENT}
COPY --chown=0:0 code/ /app/
USER 10001:10001
`,
} as const

/** What a commit restores of the base's settings; the container ran something else, as another user. */
export const commitChanges = ['USER 10001:10001', 'ENTRYPOINT ["/rserve/entrypoint.sh"]', 'CMD []'] as const
