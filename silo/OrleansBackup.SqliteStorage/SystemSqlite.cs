using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace OrleansBackup.SqliteStorage;

/// <summary>Uses the operating system's SQLite, which gets its security updates from there, instead of a copy of our own.</summary>
public static class SystemSqlite
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Call before the first connection of the process; further calls do nothing.</summary>
    /// <exception cref="StateStoreException">The library is not installed; the message says which package brings it.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    internal static string[] LibraryNames =>
        OperatingSystem.IsWindows() ? ["winsqlite3.dll", "sqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];

    /// <exception cref="StateStoreException">None of the names is a library on this machine.</exception>
    internal static nint Open(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }
        throw new StateStoreException(
            $"SQLite is not installed (looked for {string.Join(", ", names)}). On Debian and Ubuntu: apt-get install libsqlite3-0. "
            + "On Fedora and Red Hat: dnf install sqlite-libs. On Alpine: apk add sqlite-libs.", isTransient: false);
    }

    private static bool Load()
    {
        var library = Open(LibraryNames);
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (string name, Assembly _, DllImportSearchPath? _) =>
                name == "e_sqlite3" ? library : 0);
        }
        catch (InvalidOperationException)
        {
            // Another part of the process has mapped the name already; one mapping is all that is needed.
        }
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }
}
