using System.Runtime.InteropServices;

namespace OrleansBackup.Demo.Processes;

/// <summary>Signals to one process, by its id. The class library can only kill; a server should be asked to end first.</summary>
internal static partial class Signals
{
    private const int Terminate = 15;
    private const int KillNow = 9;

    /// <summary>SIGTERM: please end. False when there is no such process.</summary>
    public static bool AskToEnd(int processId) => Send(processId, Terminate) == 0;

    /// <summary>SIGKILL: the process does not get to run another instruction.</summary>
    public static bool Kill(int processId) => Send(processId, KillNow) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int processId, int signal);
}
