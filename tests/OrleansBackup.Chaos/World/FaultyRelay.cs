using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansBackup.Chaos.Plan;

namespace OrleansBackup.Chaos.World;

/// <summary>What a relay does to those who connect.</summary>
internal enum RelayTrouble
{
    None,

    /// <summary>Every connection ends at once, also those that stand.</summary>
    Refuses,

    /// <summary>Every connection ends after some bytes, in the middle of whatever it carries; a request may have been carried out by then.</summary>
    BreaksOff,
}

/// <summary>Stands between the service and a server on this machine, passes bytes on, and gives trouble when told to.</summary>
internal sealed class FaultyRelay : IAsyncDisposable
{
    private const int MostBytes = 60_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly PlanRandom _random;
    private readonly Uri _to;
    private readonly Task _accepting;
    private volatile RelayTrouble _trouble;

    public FaultyRelay(Uri to, int seed)
    {
        (_to, _random) = (to, new PlanRandom((ulong)seed));
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public RelayTrouble Trouble
    {
        set
        {
            _trouble = value;
            if (value == RelayTrouble.None)
                return;
            foreach (var connection in _open.Keys)
                connection.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _open.Keys)
            connection.Close();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_ending.Token);
            if (_trouble == RelayTrouble.Refuses)
                client.Close();
            else
                _ = PassAsync(client, _trouble == RelayTrouble.BreaksOff ? 1 + _random.Next(MostBytes) : long.MaxValue);
        }
    }

    private async Task PassAsync(TcpClient client, long bytes)
    {
        using var server = new TcpClient();
        _open[client] = true;
        _open[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _to.Port, _ending.Token);
            var left = new StrongBox(bytes);
            // Whichever side ends, both end: half-open connections are nobody's wish here.
            await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream(), left), CopyAsync(server.GetStream(), client.GetStream(), left));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // A connection that ends is what this is for.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
            client.Close();
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, StrongBox left)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _ending.Token) is > 0 and var read)
            {
                var rest = Interlocked.Add(ref left.Value, -read);
                if (rest < 0)
                    read = (int)Math.Max(0, read + rest);
                await to.WriteAsync(buffer.AsMemory(0, read), _ending.Token);
                if (rest < 0)
                    return;
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As above.
        }
    }

    private sealed class StrongBox(long value)
    {
        public long Value = value;
    }
}
