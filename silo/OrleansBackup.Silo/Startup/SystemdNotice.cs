using System.Net.Sockets;
using System.Text;

namespace OrleansBackup.Silo.Startup;

/// <summary>Tells systemd when the server is ready and when it is going, if systemd started it and wants to know.</summary>
/// <remarks>Protocol: sd_notify(3): one datagram to the Unix socket that the environment names; a name beginning with @ is abstract.</remarks>
internal sealed partial class SystemdNotice(IHostApplicationLifetime life, ILogger<SystemdNotice> log) : IHostedService
{
    public const string Variable = "NOTIFY_SOCKET";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } socket)
            return Task.CompletedTask;
        life.ApplicationStarted.Register(() => Tell(socket, "READY=1"));
        life.ApplicationStopping.Register(() => Tell(socket, "STOPPING=1"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell(string address, string state)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            var name = address[0] == '@' ? "\0" + address[1..] : address;
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(name));
        }
        catch (SocketException exception)
        {
            LogNotTold(log, state, exception); // systemd waits until its own limit, and the reason stands in the log
        }
    }

    [LoggerMessage(1301, LogLevel.Error, "systemd could not be told {State}")]
    private static partial void LogNotTold(ILogger log, string state, Exception exception);
}
