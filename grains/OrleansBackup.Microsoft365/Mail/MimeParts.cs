using System.Buffers;
using System.Text;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Tells from a message's MIME whether it may have attachments that its properties deny: inline ones that the text does not refer to.</summary>
/// <remarks>Looks at lines, not at structure: in doubt it says yes, which costs one request; it never says no to a part that is not text.</remarks>
internal static class MimeParts
{
    private const int LongestLine = 1_000;
    private static readonly string[] OfText = ["text/plain", "text/html", "multipart/alternative"];

    /// <param name="mime">Read from its start and left there.</param>
    public static async Task<bool> MayHaveAttachmentsAsync(Stream mime, CancellationToken cancellation)
    {
        mime.Position = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(65_536);
        var line = new StringBuilder(LongestLine);
        var found = false;
        int read;
        while (!found && (read = await mime.ReadAsync(buffer, cancellation)) > 0)
        {
            foreach (var value in buffer.AsSpan(0, read))
            {
                if (value is not ((byte)'\r' or (byte)'\n'))
                {
                    if (line.Length < LongestLine) line.Append((char)value);
                    continue;
                }

                if (found = IsOfAttachment(line)) break;
                line.Clear();
            }
        }

        ArrayPool<byte>.Shared.Return(buffer); // after a failed read it is only garbage
        mime.Position = 0;
        return found || IsOfAttachment(line);
    }

    private static bool IsOfAttachment(StringBuilder line)
    {
        // "Content-" is rare at the start of a line; nothing else is turned into a string.
        if (line.Length < 8 || (line[0] | 0x20) != 'c' || line[7] != '-') return false;
        var text = line.ToString();
        if (text.StartsWith("Content-ID:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase)) return true;
        if (!text.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) return false;
        var type = text["Content-Type:".Length..].TrimStart();
        return !OfText.Any(known => type.StartsWith(known, StringComparison.OrdinalIgnoreCase));
    }
}
