using Microsoft.Extensions.Logging;
using OrleansBackup.Microsoft365.SignIn;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365;

/// <summary>Graph as one tenant sees us: signs in, keeps within the limits, repeats what is worth repeating, and counts.</summary>
/// <remarks>Safe for concurrent use. Readers and writers of the workloads are built on it; it holds no state of theirs.</remarks>
public sealed class GraphClient : IDisposable
{
    private readonly GraphEndpoints _endpoints;
    private readonly RequestRunner _runner;
    private readonly TokenSource _tokens;
    private readonly GraphCounters _counters;

    internal GraphClient(string tenantId, GraphEndpoints endpoints, GraphClientOptions options, TimeProvider time,
        RequestRunner runner, TokenSource tokens, GraphCounters counters, ILogger log)
    {
        (TenantId, _endpoints, Options, Time, _runner, _tokens, _counters, Log) = (tenantId, endpoints, options, time, runner, tokens, counters, log);
    }

    public string TenantId { get; }

    /// <summary>What was asked of Graph through this client so far.</summary>
    public GraphStatistics Statistics => _counters.Snapshot();

    internal GraphClientOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    public void Dispose() => _tokens.Dispose();

    internal Task<GraphResponse> SendAsync(GraphRequest request, CancellationToken cancellation) => _runner.RunAsync(request, cancellation);

    internal Task<OpenedContent> OpenAsync(GraphRequest request, CancellationToken cancellation) => _runner.OpenAsync(request, cancellation);

    /// <summary>What a part of a batch that failed for good would have thrown on its own.</summary>
    internal GraphException Translate(GraphFailure failure, Meaning meaning, GraphRequest request) =>
        FailureTranslation.ToException(failure, meaning, request, _tokens.KnownRoles);

    /// <summary>A part of a batch was refused or failed: pauses that traffic as if the whole request had been.</summary>
    internal Task HoldBackAsync(string? mailbox, RequestService service, bool throttled, TimeSpan wait, CancellationToken cancellation) =>
        _runner.HoldBackAsync(mailbox, service, throttled, wait, cancellation);

    /// <param name="path">Relative to the version's root, segments escaped.</param>
    internal Uri Address(string path) => new(_endpoints.Graph, path);

    /// <summary>Whether a link that the service gave leads back to the service.</summary>
    internal bool IsOurs(Uri link) =>
        Uri.Compare(link, _endpoints.Graph, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>The application permissions in the token that is in use; null when it cannot be read.</summary>
    internal async Task<IReadOnlySet<string>?> TokenRolesAsync(CancellationToken cancellation) => (await _tokens.GetAsync(cancellation)).Roles;

    /// <summary>The application permissions in a fresh token; null when it cannot be read.</summary>
    internal async Task<IReadOnlySet<string>?> ReadGrantedRolesAsync(CancellationToken cancellation)
    {
        var known = await _tokens.GetAsync(cancellation);
        _tokens.Drop(known); // consent shows only in a new token
        return (await _tokens.GetAsync(cancellation)).Roles;
    }
}
