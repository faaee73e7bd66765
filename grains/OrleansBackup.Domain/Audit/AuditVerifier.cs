using System.Collections.Immutable;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Audit;

/// <summary>What verifying an exported audit book found. Valid if there is no problem.</summary>
/// <param name="Head">What closes the export; null: nothing does.</param>
public sealed record AuditVerdict(string? Book, long Entries, AuditHead? Head, ImmutableArray<string> Problems)
{
    public bool IsValid => Problems.IsEmpty;
}

/// <summary>Verifies an exported audit book line by line: nothing changed, dropped, moved, added or cut off at the end.</summary>
/// <remarks>
/// Pure: needs the export and the provider's public key, no server. What one export cannot show: that the provider wrote the whole book anew. The head of an export that was kept
/// from before shows that, too: the book of today must still hold it. Where the law's term for the oldest entries is over, they are gone, and the signed head says up to where.
/// </remarks>
/// <param name="publicKeyPem">As the provider gave it out before.</param>
/// <param name="earlier">The signed head of an export of before, or null.</param>
public sealed class AuditVerifier(string publicKeyPem, AuditHead? earlier)
{
    /// <summary>More are not listed: a file that is not an export at all would fill the screen.</summary>
    public const int MostProblems = 100;

    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private AuditEnd _end = AuditEnd.Empty;
    private string? _book;
    private AuditHead? _head;
    private DateTimeOffset? _at;
    private long _lines;
    private bool _metEarlier = earlier is null or { Entries: 0 };
    private AuditEnd? _begins;

    public void Read(ReadOnlySpan<byte> line)
    {
        _lines++;
        if (_head is not null)
            Tell($"line {_lines} stands after the head that closes the book");
        else if (AuditHead.Read(line) is { } closing)
            Close(closing.Head, closing.Signature);
        else if (AuditEntry.Read(line) is { } entry)
            Add(entry, AuditEntry.HashOf(line));
        else
            Tell($"line {_lines} is not an entry in its canonical form: it was changed");
    }

    public AuditVerdict Finish()
    {
        if (_head is null)
            Tell("the signed head at the end is missing: the book is cut off");
        if (_begins is { } begins && (_head?.Deleted ?? AuditEnd.Empty) != begins)
            Tell(begins.Count == 1 ? "entry 1 is missing or moved" : $"entries 1 to {begins.Count} are missing or moved, and no signed head says that they were deleted");
        if (!_metEarlier)
            Tell(earlier!.Entries < _begins?.Count && _head?.Deleted == _begins ? $"what was signed before ({earlier.Entries} entries) was deleted after its term since; compare with a later head"
                : $"the book does not hold what was signed before ({earlier.Entries} entries): it was written anew, or is another book");
        return new(_book, _end.Count, _head, _problems.ToImmutable());
    }

    private void Add(AuditEntry entry, string hash)
    {
        _book ??= entry.Book;
        if (_lines == 1 && entry.Sequence > 1)
            _end = (_begins = new AuditEnd(entry.Sequence - 1, entry.Previous)).Value; // the head has to say so
        if (earlier is not null && _lines == 1 && _begins is { } begins && begins.Count == earlier.Entries)
            _metEarlier = begins.Hash == earlier.Hash && entry.Book == earlier.Book;
        var expected = _end.Count + 1;
        if (entry.Book != _book)
            Tell($"line {_lines} is of another book");
        if (entry.Sequence > expected)
            Tell(entry.Sequence == expected + 1 ? $"entry {expected} is missing or moved" : $"entries {expected} to {entry.Sequence - 1} are missing or moved");
        else if (entry.Sequence < expected)
            Tell($"entry {entry.Sequence} stands on line {_lines}, out of its order or a second time");
        else if (entry.Previous != _end.Hash)
            Tell(expected == 1 ? "entry 1 names an entry before it" : $"entry {expected} does not follow from entry {expected - 1}: one of them was changed");
        if (_at is { } before && entry.At < before)
            Tell($"entry {entry.Sequence} is older than the one before it");
        (_end, _at) = (new AuditEnd(entry.Sequence, hash), entry.At);
        if (earlier is not null && entry.Sequence == earlier.Entries)
            _metEarlier = hash == earlier.Hash && entry.Book == earlier.Book;
    }

    private void Close(AuditHead head, byte[] signature)
    {
        _head = head;
        if (EvidenceSignature.FingerprintOf(publicKeyPem) is not { } fingerprint)
            Tell("the public key is not one on curve P-256 in PEM form");
        else if (head.SignedBy != fingerprint)
            Tell("the head names another signer");
        else if (!EvidenceSignature.IsValid(publicKeyPem, head.Core(), signature))
            Tell("the signature of the head is not one of this key");
        if (_book is not null && head.Book != _book)
            Tell("the head is of another book");
        _book ??= head.Book;
        if (head.Deleted is { } deleted && deleted != (_begins ?? AuditEnd.Empty))
            Tell($"the head says that the first {deleted.Count} entries were deleted, and the book does not begin behind them");
        if (head.Entries != _end.Count)
            Tell($"the head was signed over {head.Entries} entries, and {_end.Count} are here");
        else if (head.Hash != _end.Hash)
            Tell($"entry {_end.Count} is not the one that was signed");
    }

    private void Tell(string problem)
    {
        if (_problems.Count < MostProblems)
            _problems.Add(problem);
    }
}
