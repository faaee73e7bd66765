using System.Net.Sockets;
using System.Text;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Silo.Startup;

namespace OrleansBackup.Silo.Tests.Startup;

/// <summary>The server's word to systemd, heard at a real socket.</summary>
public sealed class SystemdNoticeTests
{
    [Fact]
    public async Task A_server_says_when_it_is_ready_and_when_it_goes()
    {
        var folder = Directory.CreateTempSubdirectory("orleansbackup-notify-").FullName;
        var path = Path.Combine(folder, "notify");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        using var patience = new CancellationTokenSource(Hang.Limit);

        var environment = new Dictionary<string, string> { [SystemdNotice.Variable] = path };
        await using (var server = ChildProcess.StartDotNet("the server", ProgramFiles.Of("OrleansBackup.Silo"),
            ["--Data:Folder", Path.Combine(folder, "data"), "--Api:Url", "http://127.0.0.1:0"], Path.Combine(folder, "log"), environment))
            Assert.Equal("READY=1", await HeardAsync(listener, patience.Token));
        Assert.Equal("STOPPING=1", await HeardAsync(listener, patience.Token));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> HeardAsync(Socket listener, CancellationToken cancellation)
    {
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, await listener.ReceiveAsync(buffer, SocketFlags.None, cancellation));
    }
}
