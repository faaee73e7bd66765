using System.Runtime.InteropServices;

namespace OrleansBackup.Demo.Processes;

/// <summary>Signals to one process, by its id. The class library can only kill; a server should be asked to end first.</summary>
internal static partial class Signals
{
    private const int Terminate = 15;
    private const int KillNow = 9;
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>SIGTERM: please end. False when there is no such process.</summary>
    public static bool AskToEnd(int processId) => Send(processId, Terminate) == 0;

    /// <summary>SIGKILL: the process does not get to run another instruction.</summary>
    public static bool Kill(int processId) => Send(processId, KillNow) == 0;

    /// <summary>SIGSTOP: the process stands still, with all its connections open, until it is told to go on.</summary>
    public static bool Freeze(int processId) => Send(processId, Stop) == 0;

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public static bool Thaw(int processId) => Send(processId, Continue) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int processId, int signal);
}
