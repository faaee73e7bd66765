using System.Runtime.InteropServices;
using OrleansBackup.CommandLine;

// Ctrl-C ends the command, never what the server was asked to do; a second one ends it at once.
using var leaving = new CancellationTokenSource();
void Leave(PosixSignalContext signal)
{
    signal.Cancel = !leaving.IsCancellationRequested;
    leaving.Cancel();
}
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
return await Application.RunAsync(args, Surroundings.OfThisProcess(), leaving.Token);
