using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace OrleansBackup.Silo.Cluster;

/// <summary>Puts TLS around the connections between silos: both sides show a certificate, and nothing is read or sent before both are believed.</summary>
internal sealed partial class TlsConnections(SiloCertificates certificates, TimeProvider time, ILogger<TlsConnections> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // TLS names its server; silos are reached by address, so all have this name and the certificate is checked by its issuer (and by a name if one is set).
    private const string Name = "silo";

    private readonly SslStreamCertificateContext _own = SslStreamCertificateContext.Create(certificates.Own, certificates.Between, offline: true);

    /// <summary>For connections that others make to this silo.</summary>
    public ConnectionDelegate Accept(ConnectionDelegate next) => connection => RunAsync(connection, next, (stream, cancellation) => stream.AuthenticateAsServerAsync(
        new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _own,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = IsSilo,
        }, cancellation));

    /// <summary>For connections that this silo makes.</summary>
    public ConnectionDelegate Connect(ConnectionDelegate next) => connection => RunAsync(connection, next, (stream, cancellation) => stream.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = Name,
            ClientCertificateContext = _own,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = IsSilo,
        }, cancellation));

    private bool IsSilo(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return false;
        using var peer = new X509Certificate2(certificate);
        return certificates.IsTrusted(peer, chain?.ChainPolicy.ExtraStore ?? []);
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> authenticate)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new PipeStream(plain), leaveInnerStreamOpen: false);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, connection.ConnectionClosed);
        try
        {
            await authenticate(stream, either.Token);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException)
        {
            LogRefused(log, connection.RemoteEndPoint?.ToString() ?? "unknown", error.Message);
            connection.Abort(new ConnectionAbortedException("TLS between silos was not agreed on.", error));
            throw new ConnectionAbortedException("TLS between silos was not agreed on.", error);
        }
        var encrypted = new EncryptedPipe(PipeReader.Create(stream, new(leaveOpen: true)), PipeWriter.Create(stream, new(leaveOpen: true)));
        connection.Transport = encrypted;
        try
        {
            await next(connection);
        }
        finally
        {
            await encrypted.Input.CompleteAsync();
            await encrypted.Output.CompleteAsync();
            connection.Transport = plain;
        }
    }

    [LoggerMessage(1102, LogLevel.Warning, "A connection between silos with {Peer} was refused: {Problem}")]
    private static partial void LogRefused(ILogger log, string peer, string problem);

    private sealed record EncryptedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
