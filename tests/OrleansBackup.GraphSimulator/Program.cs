using System.Globalization;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Limits;

// Runs the simulator until it is stopped: --port 0 --certificate-out file.pem --address-out file [--host name] [--no-limits]
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
var options = new GraphSimulatorOptions
{
    Port = int.Parse(Argument("--port") ?? "0", CultureInfo.InvariantCulture),
    Host = Argument("--host") ?? "localhost",
    Limits = new LimitSettings { Enabled = !args.Contains("--no-limits") },
};
await using var simulator = await GraphSimulatorHost.StartAsync(options, stop.Token);
if (Argument("--certificate-out") is { } certificateFile)
    await File.WriteAllTextAsync(certificateFile, simulator.Certificate.ExportCertificatePem(), stop.Token);
if (Argument("--address-out") is { } addressFile)
    await File.WriteAllTextAsync(addressFile, simulator.BaseAddress.ToString().TrimEnd('/'), stop.Token);
Console.WriteLine(simulator.BaseAddress.ToString().TrimEnd('/'));
try
{
    await Task.Delay(Timeout.Infinite, stop.Token);
}
catch (OperationCanceledException)
{
    // Asked to stop.
}
return 0;

string? Argument(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
