using System.Text;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Takes the header text off the start of a MIME message.</summary>
internal static class MimeHeaderBlock
{
    /// <returns>The headers with CRLF line ends; null when they are longer than <paramref name="limit"/> bytes or do not end.</returns>
    public static async Task<string?> ReadAsync(Stream mime, int limit, CancellationToken cancellation)
    {
        var buffer = new byte[limit + 4];
        var length = 0;
        int read;
        while (length < buffer.Length && (read = await mime.ReadAsync(buffer.AsMemory(length), cancellation)) > 0) length += read;
        var end = End(buffer.AsSpan(0, length));
        if (end <= 0) return null;
        return Encoding.UTF8.GetString(buffer, 0, end).ReplaceLineEndings("\r\n");
    }

    private static int End(ReadOnlySpan<byte> text)
    {
        var crlf = text.IndexOf("\r\n\r\n"u8);
        var lf = text.IndexOf("\n\n"u8);
        return (crlf, lf) switch
        {
            (< 0, < 0) => -1,
            ( >= 0, < 0) => crlf + 2,
            (< 0, >= 0) => lf + 1,
            _ => Math.Min(crlf + 2, lf + 1),
        };
    }
}
