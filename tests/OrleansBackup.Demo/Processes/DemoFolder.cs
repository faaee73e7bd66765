namespace OrleansBackup.Demo.Processes;

/// <summary>The folder that a demonstration writes into. A folder with somebody's files in it is never touched.</summary>
/// <remarks>A marker file says that the folder is a demonstration's; it is locked while one runs. A used demonstration folder starts afresh.</remarks>
public sealed class DemoFolder : IDisposable
{
    private const string Marker = "orleansbackup-demo.marker";

    private readonly FileStream _lock;

    private DemoFolder(string path, FileStream marker)
    {
        Root = path;
        _lock = marker;
    }

    public string Root { get; }

    /// <summary>The server's data folder: state, vault, keys.</summary>
    public string Server => Path.Combine(Root, "server");

    /// <summary>What the simulator leaves for others to find.</summary>
    public string Simulator => Path.Combine(Root, "simulator");

    public string Logs => Path.Combine(Root, "logs");

    /// <exception cref="DemoFailedException">The folder holds something else, or another demonstration uses it.</exception>
    public static DemoFolder Open(string path)
    {
        var root = Path.GetFullPath(path);
        var markerFile = Path.Combine(root, Marker);
        if (File.Exists(root))
            throw new DemoFailedException($"the data folder {root} is a file");
        if (Directory.Exists(root) && !File.Exists(markerFile) && Directory.EnumerateFileSystemEntries(root).Any())
            throw new DemoFailedException($"the data folder {root} is not empty and not from an earlier demonstration; name an empty or a new one");
        Directory.CreateDirectory(root);
        FileStream marker;
        try
        {
            marker = new FileStream(markerFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DemoFailedException($"another demonstration is using {root}", e);
        }
        var folder = new DemoFolder(root, marker);
        foreach (var part in new[] { folder.Server, folder.Simulator, folder.Logs })
        {
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
            Directory.CreateDirectory(part);
        }
        return folder;
    }

    public void Dispose() => _lock.Dispose();
}
