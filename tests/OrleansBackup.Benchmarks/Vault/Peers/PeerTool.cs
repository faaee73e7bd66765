namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>restic or borg, as their users call them.</summary>
/// <param name="program">The program's name.</param>
/// <param name="work">An empty folder of its own.</param>
/// <param name="material">The folder that is backed up.</param>
internal sealed class PeerTool(string program, string work, string material) : IBackupTool
{
    private int _backups;

    private string Repository => Path.Combine(work, "repository");

    private Dictionary<string, string> Environment => new()
    {
        ["RESTIC_REPOSITORY"] = Repository,
        ["RESTIC_PASSWORD"] = "benchmark",
        ["RESTIC_CACHE_DIR"] = Path.Combine(work, "cache"),
        ["BORG_REPO"] = Repository,
        ["BORG_PASSPHRASE"] = "benchmark",
        ["BORG_BASE_DIR"] = Path.Combine(work, "base"),
    };

    private bool IsRestic => program == "restic";

    public string Name => program;

    /// <summary>The first line of what it says of its version; null: it is not on this machine.</summary>
    public static string? VersionOf(string program)
    {
        var folders = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
            return null;
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, program == "restic" ? "version" : "--version") { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadLine();
    }

    public Task CreateAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(work, "base"));
        return IsRestic ? RunAsync(["init"], cancellation) : RunAsync(["init", "--encryption", "repokey-blake2"], cancellation);
    }

    public Task<Cost> BackUpAsync(IReadOnlyList<string>? changed, CancellationToken cancellation) => IsRestic
        ? RunAsync(["backup", "--quiet", "."], cancellation)
        : RunAsync(["create", "--compression", "zstd,3", $"::{++_backups}", "."], cancellation);

    public Task<Cost> RestoreOneAsync(string file, string target, CancellationToken cancellation) => IsRestic
        ? RunAsync(["restore", "latest", "--target", target, "--include", "/" + file], cancellation)
        : RunAsync(["extract", $"::{_backups}", file], cancellation, target);

    public Task<Cost> RestoreAllAsync(string target, CancellationToken cancellation) => IsRestic
        ? RunAsync(["restore", "latest", "--target", target], cancellation)
        : RunAsync(["extract", $"::{_backups}"], cancellation, target);

    public long StoredBytes() => Files().Sum(file => file.Length);

    public int StoredObjects() => Files().Count();

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(Repository).EnumerateFiles("*", SearchOption.AllDirectories);

    private Task<Cost> RunAsync(string[] arguments, CancellationToken cancellation, string? folder = null) =>
        ChildProcesses.RunAsync(program, arguments, Environment, folder ?? material, cancellation);
}
