using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi;
using OrleansBackup.TimeTravel.Imap.Sessions;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.Imap;

/// <summary>Listens for mail programs, if it is configured, and lets so many in at once.</summary>
internal sealed partial class ImapServer(IOptions<ImapOptions> options, Visitors visitors, KeptReadings kept, TimeProvider time, ILogger<ImapServer> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<IPAddress, int> _connected = [];
    private readonly HashSet<Task> _sessions = [];
    private readonly Lock _lock = new();
    private TcpListener? _listener;
    private SslStreamCertificateContext? _certificate;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Null: mail programs are not served.</summary>
    public int? Port => (_listener?.LocalEndpoint as IPEndPoint)?.Port;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Address is not { } address)
            return Task.CompletedTask;
        if (options.Value.CertificateFile is not null)
        {
            var (own, between) = options.Value.LoadCertificate();
            _certificate = SslStreamCertificateContext.Create(own, between, offline: true);
        }
        var port = address.Port >= 0 ? address.Port : options.Value.IsInTls ? ImapOptions.PortInTls : ImapOptions.PortInClear;
        try
        {
            _listener = new TcpListener(ImapOptions.Host(address)!, port);
            _listener.Start();
        }
        catch (SocketException error)
        {
            throw new ConfigurationProblemException($"The address of {ImapOptions.Section}:Url cannot be used: {error.Message} Set it to an address of this machine and a free port that this account may open.");
        }
        _accepting = AcceptAsync(_listener);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listener?.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<Task> sessions;
        lock (_lock)
            sessions = [.. _sessions];
        await Task.WhenAll(sessions).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (SocketException error)
            {
                LogNotAccepted(log, error); // one that went before it was taken, or no more handles: the next is tried
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            var from = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            if (!TryCount(from))
            {
                socket.Dispose();
                continue;
            }
            var session = Task.Run(() => ServeAsync(socket, from));
            lock (_lock)
                _sessions.Add(session);
            _ = session.ContinueWith(ended => Forget(ended, from), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket, IPAddress from)
    {
        try
        {
            socket.NoDelay = true;
            await using var plain = new NetworkStream(socket, ownsSocket: true);
            await using var stream = new ImapStream(plain, options.Value.SlowReader, time);
            Func<Task>? secure = _certificate is null ? null : async () => stream.Secure(await SecureAsync(plain));
            if (options.Value.IsInTls)
                await secure!();
            using var session = new ImapSession(stream, from, options.Value, visitors, kept, secure, time, log);
            await session.RunAsync(_stopping.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // A stranger who speaks no TLS, or went: nothing of ours.
        }
        catch (Exception error)
        {
            LogSessionFailed(log, error);
        }
    }

    private async Task<SslStream> SecureAsync(NetworkStream plain)
    {
        using var patience = new CancellationTokenSource(options.Value.SignInWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = _certificate, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateRevocationCheckMode = X509RevocationMode.NoCheck }, either.Token);
        return secured;
    }

    private bool TryCount(IPAddress from)
    {
        lock (_lock)
        {
            var there = _connected.GetValueOrDefault(from);
            if (_connected.Values.Sum() >= options.Value.Connections || there >= options.Value.ConnectionsPerAddress)
                return false;
            _connected[from] = there + 1;
            return true;
        }
    }

    private void Forget(Task session, IPAddress from)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
            if (--_connected[from] == 0)
                _connected.Remove(from);
        }
    }

    [LoggerMessage(4603, LogLevel.Warning, "A connection of a mail program could not be taken")]
    private static partial void LogNotAccepted(ILogger log, Exception exception);

    [LoggerMessage(4604, LogLevel.Error, "A connection of a mail program ended by an error")]
    private static partial void LogSessionFailed(ILogger log, Exception exception);
}
