using System.Text;

namespace OrleansBackup.CommandLine.Connecting;

/// <summary>Files that hold a key: written for their owner only, and refused when others could have read them.</summary>
/// <remarks>On Windows the folder's own access list protects them; nothing is checked there.</remarks>
internal static class PrivateFile
{
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="CommandFailedException">It cannot be read, or others can.</exception>
    public static string Read(string path)
    {
        using var text = new StreamReader(new MemoryStream(ReadBytes(path)), Encoding.UTF8);
        return text.ReadToEnd();
    }

    /// <inheritdoc cref="Read"/>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            // Opened first, so that what is judged is what is read.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & OfOthers) != 0)
                throw new CommandFailedException(ExitCode.NotAllowed, $"Others than you can use the file {path}, which holds a key.", $"Take it from them: chmod 600 '{path}'. If they may have read it, have the key replaced.");
            using var copy = new MemoryStream(); // a pipe has no length
            file.CopyTo(copy);
            return copy.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.NotAllowed, $"The file {path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Written whole beside the old one and put in its place, so that a crash leaves either.</summary>
    public static void Write(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Owners | UnixFileMode.UserExecute);
        var fresh = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owners;
        using (var file = new StreamWriter(fresh, options))
            file.Write(text);
        File.Move(fresh, path, overwrite: true);
    }
}
