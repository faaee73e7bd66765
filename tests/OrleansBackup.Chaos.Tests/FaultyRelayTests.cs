using System.Net;
using System.Net.Sockets;
using OrleansBackup.Chaos.World;

namespace OrleansBackup.Chaos.Tests;

public sealed class FaultyRelayTests
{
    private static readonly byte[] Sent = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];

    [Fact]
    public async Task Without_trouble_every_byte_comes_through()
    {
        Assert.Equal(Sent, await ReceivedAsync(RelayTrouble.None));
    }

    [Fact]
    public async Task A_connection_that_is_broken_off_has_carried_some_bytes_and_not_all()
    {
        var received = await ReceivedAsync(RelayTrouble.BreaksOff);

        Assert.InRange(received.Length, 1, Sent.Length - 1);
    }

    [Fact]
    public async Task One_that_is_refused_carries_none()
    {
        Assert.Empty(await ReceivedAsync(RelayTrouble.Refuses));
    }

    private static async Task<byte[]> ReceivedAsync(RelayTrouble trouble)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var relay = new FaultyRelay(new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/"), seed: 1) { Trouble = trouble };
        using var accepting = new CancellationTokenSource();
        var serving = ServeAsync(server, accepting.Token);
        using var client = new TcpClient();
        using var received = new MemoryStream();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, relay.Address.Port);
            await client.GetStream().CopyToAsync(received);
        }
        catch (Exception ended) when (ended is IOException or SocketException)
        {
            // As ordered.
        }
        await accepting.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return received.ToArray();
    }

    private static async Task ServeAsync(TcpListener server, CancellationToken cancellation)
    {
        using var connection = await server.AcceptTcpClientAsync(cancellation);
        await connection.GetStream().WriteAsync(Sent, cancellation);
    }
}
