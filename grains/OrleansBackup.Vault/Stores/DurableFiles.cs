using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OrleansBackup.Vault.Stores;

/// <summary>The calls that .NET does not offer: give a file its name only if the name is free, and make a folder's entries durable.</summary>
/// <remarks>POSIX link(2) and fsync(2). On Windows a move without replacing is atomic and the file system journals the folder.</remarks>
internal static partial class DurableFiles
{
    private const int FileExists = 17;  // EEXIST, the same on Linux and macOS
    private const int ReadOnly = 0;     // O_RDONLY

    /// <returns>False if <paramref name="target"/> exists; then <paramref name="source"/> keeps its only name.</returns>
    public static bool TryLink(string source, string target)
    {
        if (OperatingSystem.IsWindows())
            return TryMove(source, target);
        if (Link(source, target) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == FileExists ? false : throw Failed("link", target, error);
    }

    /// <summary>Returns when the folder's entries survive a crash.</summary>
    public static void SyncFolder(string folder) => Sync(folder);

    /// <summary>Returns when a change of the file's times and mode survives a crash.</summary>
    public static void SyncFile(string file) => Sync(file);

    private static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Failed("open", path, Marshal.GetLastPInvokeError());
        try
        {
            if (Sync(descriptor) != 0)
                throw Failed("fsync", path, Marshal.GetLastPInvokeError());
        }
        finally { _ = Close(descriptor); } // nothing was written through it, so closing cannot lose anything
    }

    private static bool TryMove(string source, string target)
    {
        try { File.Move(source, target, overwrite: false); return true; }
        catch (IOException) when (File.Exists(target)) { return false; }
    }

    // The low half of HResult carries errno, as in the exceptions that .NET itself throws.
    private static IOException Failed(string call, string path, int error) =>
        new($"{call} of '{path}': {new Win32Exception(error).Message}", error);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
