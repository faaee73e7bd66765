using System.Text;

namespace OrleansBackup.VaultReader;

/// <summary>Reads files of evidence as the bytes they are: what is hashed must not be decoded and encoded again.</summary>
internal static class EvidenceFile
{
    /// <exception cref="CommandException">There is no such file.</exception>
    public static async IAsyncEnumerable<byte[]> LinesAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new CommandException(ExitCode.NotFound, $"There is no file '{path}'.");
        // Latin-1 gives each byte a letter of its own and back, whatever the bytes are; only a line feed ends a line.
        using var reader = new StreamReader(path, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        var line = new StringBuilder();
        var buffer = new char[1 << 14];
        while (await reader.ReadAsync(buffer, cancellation) is var read and > 0)
            for (var at = 0; at < read; at++)
                if (buffer[at] != '\n')
                    line.Append(buffer[at]);
                else
                {
                    yield return Encoding.Latin1.GetBytes(line.ToString());
                    line.Clear();
                }
        if (line.Length > 0)
            yield return Encoding.Latin1.GetBytes(line.ToString());
    }
}
