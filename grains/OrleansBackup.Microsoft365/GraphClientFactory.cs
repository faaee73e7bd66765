using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using OrleansBackup.Microsoft365.Limits;
using OrleansBackup.Microsoft365.SignIn;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365;

/// <summary>Makes clients that share connections and mailbox limits: one factory per process, since the limits are per application and mailbox.</summary>
public sealed class GraphClientFactory : IDisposable
{
    private readonly GraphEndpoints _endpoints;
    private readonly GraphClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly HttpClient _http;

    public GraphClientFactory(GraphEndpoints endpoints, GraphClientOptions options, TimeProvider time, ILoggerFactory logs)
        : this(endpoints, options, time, logs, SocketsFor(endpoints))
    {
    }

    internal GraphClientFactory(GraphEndpoints endpoints, GraphClientOptions options, TimeProvider time, ILoggerFactory logs, HttpMessageHandler handler)
    {
        (_endpoints, _options, _time, _logs) = (endpoints, options, time, logs);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // every attempt has its own, which covers the body too
        Limiters = new MailboxLimiters(options, time);
    }

    internal MailboxLimiters Limiters { get; }

    /// <param name="credential">Kept in memory by the client; make a new client when it changes.</param>
    /// <param name="budget">What the tenant as a whole grants us.</param>
    public GraphClient Create(TenantCredential credential, IRequestBudget budget)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(budget);
        var log = _logs.CreateLogger<GraphClient>();
        var counters = new GraphCounters();
        var tokens = new TokenSource(credential.TenantId, [.. credential.Proofs.Select(proof => (Func<TokenCredential>)(() => SignIn(credential, proof)))], _endpoints.Scope, _options, _time, log);
        var attempt = new RequestAttempt(_http, _endpoints, _options, _time, counters);
        var runner = new RequestRunner(credential.TenantId, attempt, tokens, Limiters, budget, counters, _options, _time, log);
        return new GraphClient(credential.TenantId, _endpoints, _options, _time, runner, tokens, counters, log);
    }

    public void Dispose() => _http.Dispose();

    private TokenCredential SignIn(TenantCredential credential, AppProof proof) => proof switch
    {
        CertificateProof certificate => new ClientCertificateCredential(
            credential.TenantId, credential.ClientId, certificate.Certificate, Configured(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = true })),
        SecretProof secret => new ClientSecretCredential(
            credential.TenantId, credential.ClientId, secret.Secret, Configured(new ClientSecretCredentialOptions { DisableInstanceDiscovery = true })),
        _ => throw new ArgumentOutOfRangeException(nameof(proof), proof.GetType().Name, "An app proves itself with a certificate or a secret."),
    };

    // Instance discovery is off as well: the operator names the authority, no other host has to vouch for it.
    private T Configured<T>(T options)
        where T : TokenCredentialOptions
    {
        options.AuthorityHost = _endpoints.Authority;
        options.Transport = new HttpClientTransport(_http);
        options.Retry.MaxRetries = 0; // ours, on our clock
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    private static SocketsHttpHandler SocketsFor(GraphEndpoints endpoints)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // by hand, so that no token follows to another host
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follow a moved address
            UseCookies = false,
        };
        if (endpoints.TrustedCertificateFile is { } file)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = new TrustedCertificates(file).Accepts;
        }

        return handler;
    }
}
