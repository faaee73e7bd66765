namespace OrleansBackup.PostgresServer;

/// <summary>The programs of PostgreSQL on this machine, and as whom they can run.</summary>
public static class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>The folder of initdb and postgres: the environment variable ORLEANSBACKUP_POSTGRES_BIN, else the newest that the system has; null: none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why no server can be started here; null when one can.</summary>
    public static string? Problem =>
        OperatingSystem.IsWindows() ? "the server for tests is started the Unix way"
        : Folder is null ? "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        : AsRoot && !HasAccount() ? "PostgreSQL refuses to run as root, and there is no account 'postgres' to run it as"
        : null;

    /// <summary>PostgreSQL refuses to run as root: then it runs as the account <see cref="Account"/>.</summary>
    internal static bool AsRoot => Environment.UserName == "root";

    internal const string Account = "postgres";

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ORLEANSBACKUP_POSTGRES_BIN") is { Length: > 0 } chosen)
            return chosen;
        var candidates = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).OrderByDescending(version => double.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return candidates.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static bool HasAccount() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{Account}:", StringComparison.Ordinal));
}
