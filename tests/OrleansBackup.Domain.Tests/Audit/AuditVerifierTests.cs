using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Audit;

namespace OrleansBackup.Domain.Tests.Audit;

/// <summary>A stranger with an export and the provider's public key sees whatever was done to the book afterwards.</summary>
public sealed class AuditVerifierTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void An_export_is_valid_as_it_is()
    {
        var verdict = Verify(Book(20));

        Assert.Empty(verdict.Problems);
        Assert.Equal(("tenant-1", 20L), (verdict.Book!, verdict.Entries));
    }

    [Fact]
    public void An_empty_book_is_valid() => Assert.True(Verify(Book(0)).IsValid);

    [Fact]
    public void Any_changed_byte_of_any_entry_is_seen()
    {
        var book = Book(3);
        for (var line = 0; line < 3; line++)
            for (var at = 0; at < book[line].Length; at++)
            {
                var changed = book.Select(bytes => (byte[])bytes.Clone()).ToList();
                changed[line][at] ^= 1;
                Assert.False(Verify(changed).IsValid, $"byte {at} of line {line + 1}");
            }
    }

    [Fact]
    public void A_dropped_entry_is_seen_wherever_it_was()
    {
        for (var line = 0; line < 10; line++)
        {
            var book = Book(10);
            book.RemoveAt(line);
            Assert.False(Verify(book).IsValid, $"line {line + 1}");
        }
        var some = Book(10);
        some.RemoveRange(3, 4);
        Assert.Contains("entries 4 to 7 are missing or moved", Verify(some).Problems);
    }

    [Fact]
    public void Two_entries_that_changed_places_are_seen()
    {
        for (var line = 0; line < 9; line++)
        {
            var book = Book(10);
            (book[line], book[line + 1]) = (book[line + 1], book[line]);
            Assert.False(Verify(book).IsValid, $"lines {line + 1} and {line + 2}");
        }
    }

    [Fact]
    public void A_book_that_is_cut_off_is_seen_with_its_head_and_without()
    {
        var book = Book(10);
        Assert.Contains("the signed head at the end is missing: the book is cut off", Verify(book[..10]).Problems);
        Assert.Contains("the head was signed over 10 entries, and 7 are here", Verify([.. book[..7], book[10]]).Problems);
    }

    [Fact]
    public void An_added_entry_is_seen()
    {
        var book = Book(10);
        var more = AuditChain.Next("tenant-1", new AuditEnd(10, AuditEntry.HashOf(book[9])), Noon.AddDays(1), "somebody", AuditActs.LiftHold, "tenant-1", []);
        Assert.False(Verify([.. book[..10], more.Line(), book[10]]).IsValid);
        Assert.False(Verify([.. book, more.Line()]).IsValid);
    }

    [Fact]
    public void A_head_of_another_signer_is_seen()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("the head names another signer", Verify(Book(3, other)).Problems);
    }

    [Fact]
    public void A_book_written_anew_is_seen_by_whoever_kept_an_export_of_before()
    {
        var earlier = AuditHead.Read(Book(5)[^1])!.Value.Head;

        Assert.True(Verify(Book(10), earlier).IsValid); // it goes on from there
        Assert.Contains(Verify(Book(10, actor: "somebody else"), earlier).Problems, problem => problem.Contains("written anew", StringComparison.Ordinal));
        Assert.Contains(Verify(Book(4), earlier).Problems, problem => problem.Contains("written anew", StringComparison.Ordinal));
    }

    [Fact]
    public void A_head_that_was_written_anew_without_the_key_is_seen()
    {
        var (book, shorter) = (Book(5), Book(4));
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = AuditHead.Read(shorter[^1])!.Value;
        Assert.True(Verify([.. book[..4], own.Head.Line(own.Signature)]).IsValid); // as it was signed then
        foreach (var forged in new[] { AuditHead.Read(book[^1])!.Value.Signature, stranger.SignData(own.Head.Core(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), [] })
            Assert.Contains("the signature of the head is not one of this key", Verify([.. book[..4], own.Head.Line(forged)]).Problems);
    }

    [Fact]
    public void A_book_whose_oldest_part_was_deleted_after_its_term_is_valid_only_with_a_head_that_says_so()
    {
        var end = new AuditEnd(4, AuditEntry.HashOf(Book(10)[3]));

        Assert.True(Verify(Book(10, deleted: end).Skip(4)).IsValid);
        Assert.Contains(Verify(Book(10).Skip(4)).Problems, problem => problem.Contains("entries 1 to 4 are missing", StringComparison.Ordinal));
        Assert.Contains(Verify(Book(10, deleted: end).Skip(5)).Problems, problem => problem.Contains("entries 1 to 5 are missing", StringComparison.Ordinal));
        Assert.NotEmpty(Verify(Book(10, deleted: end)).Problems);
        Assert.NotEmpty(Verify(Book(10, deleted: end with { Hash = new string('a', 64) }).Skip(4)).Problems);
        var earlier = new Func<int, AuditHead>(entries => AuditHead.Read(Book(entries)[^1])!.Value.Head);
        Assert.True(Verify(Book(10, deleted: end).Skip(4), earlier(4)).IsValid);
        Assert.True(Verify(Book(10, deleted: end).Skip(4), earlier(7)).IsValid);
        Assert.Contains(Verify(Book(10, deleted: end).Skip(4), earlier(3)).Problems, problem => problem.Contains("compare with a later head", StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_reads_back_as_it_was_written_whatever_its_texts_hold()
    {
        var entry = AuditChain.Next("tenant-1", AuditEnd.Empty, Noon.AddTicks(12_345), "a\"b\\c\u2028é\U0001F600", AuditActs.ReadContent, "x\ny\0", [new("zeta", "1"), new("Alpha", "\uD800")]);

        Assert.Equal(Encoding.UTF8.GetString(entry.Line()), Encoding.UTF8.GetString(AuditEntry.Read(entry.Line())!.Line()));
        Assert.Equal(entry.Hash(), AuditEntry.Read(entry.Line())!.Hash());
    }

    [Fact]
    public void A_long_text_is_cut_and_no_letter_with_it()
    {
        var entry = AuditChain.Next("tenant-1", AuditEnd.Empty, Noon, "me", AuditActs.ReadContent, string.Concat(Enumerable.Repeat("\U0001F600", 3_000)), []);

        Assert.InRange(entry.Subject.Length, AuditChain.LongestText - 1, AuditChain.LongestText);
        Assert.NotNull(AuditEntry.Read(entry.Line()));
    }

    private List<byte[]> Book(int entries, ECDsa? key = null, string actor = "the holder of a key", AuditEnd? deleted = null)
    {
        var (lines, end) = (new List<byte[]>(), AuditEnd.Empty);
        for (var at = 0; at < entries; at++)
        {
            var entry = AuditChain.Next("tenant-1", end, Noon.AddMinutes(at), actor, AuditActs.ReadContent, $"tenants/1/items/{at}", [new("query", $"?n={at}")]);
            lines.Add(entry.Line());
            end = new AuditEnd(entry.Sequence, entry.Hash());
        }
        var signer = key ?? _key;
        var head = new AuditHead("tenant-1", end.Count, end.Hash, Noon.AddDays(1), Convert.ToHexStringLower(SHA256.HashData(signer.ExportSubjectPublicKeyInfo())), deleted);
        lines.Add(head.Line(signer.SignData(head.Core(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        return lines;
    }

    private AuditVerdict Verify(IEnumerable<byte[]> lines, AuditHead? earlier = null)
    {
        var verifier = new AuditVerifier(PublicKey, earlier);
        foreach (var line in lines)
            verifier.Read(line);
        return verifier.Finish();
    }
}
