using OrleansBackup.ClientApi;

namespace OrleansBackup.Silo.Startup;

/// <summary>The folder that holds everything of this server, held by one process at a time.</summary>
/// <remarks>The lock is the operating system's and ends with the process, however it ends; the file itself stays and means nothing.</remarks>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Where the address stands under which the API answers, from after the start until the stop.</summary>
    private string AddressFile => System.IO.Path.Combine(Path, "address");

    /// <exception cref="ConfigurationProblemException">The folder cannot be made or written, or another process holds it.</exception>
    public static DataFolder Open(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            throw new ConfigurationProblemException("Data:Folder is not set: name the folder that is to hold state, vault and keys.");
        var path = System.IO.Path.GetFullPath(setting);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblemException($"The data folder '{path}' cannot be made: {error.Message} Set Data:Folder to a folder that this account may write.");
        }
        var folder = new DataFolder(path, Lock(path));
        File.Delete(folder.AddressFile); // of a process that was killed
        return folder;
    }

    /// <summary>Tells whoever started the server where it answers.</summary>
    public void WriteAddress(string address)
    {
        File.WriteAllText($"{AddressFile}.new", $"{address}\n");
        File.Move($"{AddressFile}.new", AddressFile, overwrite: true); // a reader sees all of it or nothing
    }

    public void Dispose()
    {
        File.Delete(AddressFile);
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ConfigurationProblemException($"The data folder '{path}' cannot be written: {error.Message} Give this account the right to it, or set Data:Folder to another.");
        }
        catch (IOException) when (File.Exists(System.IO.Path.Combine(path, "lock")))
        {
            throw new ConfigurationProblemException($"The data folder '{path}' is in use by another OrleansBackup process. Stop that one first, or set Data:Folder to another folder.");
        }
        catch (IOException error)
        {
            throw new ConfigurationProblemException($"The data folder '{path}' cannot be written: {error.Message} Set Data:Folder to a folder that this account may write.");
        }
    }
}
