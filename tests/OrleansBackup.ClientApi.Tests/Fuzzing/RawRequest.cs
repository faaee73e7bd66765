using System.Net.Sockets;
using System.Text;

namespace OrleansBackup.ClientApi.Tests.Fuzzing;

/// <summary>Bytes on a connection, as no client library would send them.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = Hang.Limit;

    /// <summary>Sends, and reads until the server closes the connection.</summary>
    /// <param name="request">One byte for each character.</param>
    public static async Task<string> SendAsync(Uri server, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(patience.Token);
    }
}
