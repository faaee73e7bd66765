using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.WebDav;

/// <summary>Where something of an opening is found, and how it is marked.</summary>
internal static class DavAddress
{
    public const string Root = "/dav/";

    private const int TagBytes = 16;

    /// <summary>As it stands in an answer: each name escaped; a folder's ends with a slash (RFC 4918, section 5.2).</summary>
    public static string Of(string opening, IEnumerable<string> path, bool isFolder)
    {
        var address = new StringBuilder(Root).Append(opening).Append('/').AppendJoin('/', path.Select(Uri.EscapeDataString));
        return (isFolder && address[^1] != '/' ? address.Append('/') : address).ToString();
    }

    /// <returns>Null: nothing of the point has this path. A name is looked up as it is: nothing in a path climbs or means a file of this machine.</returns>
    public static async Task<(PointFolder Folder, PointFile? File)?> FindAsync(PointFolder top, string path, Func<PointFolder, Task<FolderFiles>> filesOf)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var folder = top;
        for (var at = 0; at < names.Length; at++)
        {
            if (folder.Find(names[at]) is { } child)
                folder = child;
            else
                return at == names.Length - 1 && !path.EndsWith('/') && (await filesOf(folder)).Find(names[at]) is { } file ? (folder, file) : null;
        }
        return (folder, null);
    }

    /// <summary>The same for as long as the point exists, and of no other content.</summary>
    public static string Tag(Visit visit, PointFile file)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{visit.Opened.Point}\n{visit.Opened.Run}\n{file.ItemId}\n{file.Role}\n{file.Size}");
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, TagBytes))}\"";
    }
}
