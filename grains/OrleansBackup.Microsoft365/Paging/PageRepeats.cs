using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Microsoft365.Paging;

/// <summary>Notices an enumeration that walks in circles: the same page again and again under links that change.</summary>
/// <remarks>One repeat is allowed, since replays of old changes occur; a second one is a circle. So is an endless run of empty pages.</remarks>
internal sealed class PageRepeats
{
    private const int MaxEmptyInARow = 100;
    private readonly Dictionary<UInt128, int> _seen = [];
    private int _empty;

    /// <returns>True: stop following.</returns>
    public bool IsCircle(GraphPage page)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in page.Items) hash.AppendData(item.Span);
        return IsCircle(hash, page.Items.IsEmpty);
    }

    /// <summary>For pages whose items are never sent twice byte for byte: by what marks each item and its version.</summary>
    /// <returns>True: stop following.</returns>
    public bool IsCircle(IReadOnlyCollection<string> marks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var mark in marks) hash.AppendData(Encoding.UTF8.GetBytes(mark + "\n"));
        return IsCircle(hash, marks.Count == 0);
    }

    private bool IsCircle(IncrementalHash hash, bool isEmpty)
    {
        if (isEmpty) return ++_empty > MaxEmptyInARow;
        _empty = 0;
        var digest = BitConverter.ToUInt128(hash.GetHashAndReset());
        return (_seen[digest] = _seen.GetValueOrDefault(digest) + 1) > 2;
    }

    public void Clear()
    {
        _seen.Clear();
        _empty = 0;
    }
}
