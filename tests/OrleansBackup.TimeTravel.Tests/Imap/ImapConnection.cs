using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.Imap;

/// <summary>A connection of a program that says exactly what the test says.</summary>
internal sealed class ImapConnection : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly byte[] _byte = new byte[1];
    private int _tags;

    /// <summary>Kept: a client whose connection was reset gives out none any more.</summary>
    public NetworkStream Stream { get; private set; } = null!;

    public string Greeting { get; private set; } = "";

    public static async Task<ImapConnection> ToAsync(int port)
    {
        var connection = new ImapConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, port);
        connection.Stream = connection._client.GetStream();
        connection.Greeting = await connection.LineAsync() ?? "";
        return connection;
    }

    public static async Task<ImapConnection> SignedInAsync(Opened opened)
    {
        var connection = await ToAsync(opened.Address.Port);
        Assert.StartsWith("OK", await connection.SayAsync($"LOGIN {opened.UserName} {opened.Password}"), StringComparison.Ordinal);
        return connection;
    }

    public void EndOfSending() => _client.Client.Shutdown(SocketShutdown.Send);

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Sends a command and reads all that is said, up to its end.</summary>
    /// <returns>The end, without the tag.</returns>
    public async Task<string> SayAsync(string command) => (await AskAsync(command))[^1];

    /// <returns>All lines that were said; the last is the end, without the tag.</returns>
    public async Task<List<string>> AskAsync(string command)
    {
        var tag = $"t{++_tags}";
        await SendAsync($"{tag} {command}\r\n");
        var lines = new List<string>();
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith($"{tag} ", StringComparison.Ordinal))
            {
                lines.Add(line[(tag.Length + 1)..]);
                return lines;
            }
            lines.Add(line);
        }
        lines.Add("(cut off)");
        return lines;
    }

    /// <returns>Null: the server has closed.</returns>
    public async Task<string?> LineAsync()
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        var line = new StringBuilder();
        try
        {
            while (await Stream.ReadAsync(_byte, patience.Token) == 1)
                if (_byte[0] == '\n')
                    return line.ToString().TrimEnd('\r');
                else
                    line.Append((char)_byte[0]);
        }
        catch (IOException)
        {
            // cut off
        }
        return line.Length == 0 ? null : line.ToString();
    }

    public void Dispose() => _client.Dispose();
}
