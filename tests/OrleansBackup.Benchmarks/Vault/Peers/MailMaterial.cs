using System.Globalization;
using System.Text;

namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>A folder of messages for tools that back up folders: real ones, and copies that differ from each other by a header.</summary>
internal sealed class MailMaterial
{
    private readonly string[] _files;
    private int _changes;

    private MailMaterial(string folder, string[] files) => (Folder, _files) = (folder, files);

    public string Folder { get; }

    public IReadOnlyList<string> Files => _files;

    public long Bytes => new DirectoryInfo(Folder).EnumerateFiles().Sum(file => file.Length);

    /// <param name="count">How many files; the messages are gone through again and again.</param>
    public static MailMaterial Write(string folder, IReadOnlyList<byte[]> messages, int count)
    {
        Directory.CreateDirectory(folder);
        var files = new string[count];
        for (var i = 0; i < count; i++)
        {
            files[i] = string.Create(CultureInfo.InvariantCulture, $"{i:d7}.eml");
            using var file = File.Create(Path.Combine(folder, files[i]));
            if (i >= messages.Count)
                file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"X-Copy: {i}\r\n")));
            file.Write(messages[i % messages.Count]);
        }
        return new MailMaterial(folder, files);
    }

    /// <summary>Changes every so-many-th file, another one each time.</summary>
    /// <returns>The files that changed.</returns>
    public IReadOnlyList<string> Change(int oneIn)
    {
        _changes++;
        var changed = _files.Where((_, index) => (index + _changes) % oneIn == 0).ToArray();
        foreach (var file in changed)
            File.AppendAllText(Path.Combine(Folder, file), string.Create(CultureInfo.InvariantCulture, $"\r\nchanged for the {_changes}. time\r\n"));
        return changed;
    }
}
