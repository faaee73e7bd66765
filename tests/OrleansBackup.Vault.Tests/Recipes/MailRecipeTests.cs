using System.Text;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Recipes;

/// <summary>Mail is stored with its attachments decoded, and comes back byte for byte.</summary>
public sealed class MailRecipeTests
{
    [Fact]
    public async Task An_attachment_in_a_message_and_the_same_file_are_one_content()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store);
        foreach (var size in new[] { 1500, 30_000 }) // in a pack, and in chunks
        {
            var file = AVault.Bytes(size, size, compressible: false);
            var mime = Message(file);
            await using var run = await vault.BeginAsync();
            var mail = await run.StoreMailAsync(new MemoryStream(mime), default);
            var attachment = await run.StoreAsync(file, default);
            Assert.Equal(mime.Length, mail.Length);
            Assert.Equal(attachment, Assert.Single(mail.Parts).Content);
            await run.UpsertAsync(AVault.Item($"mail-{size}", contents: [("mime", mail), ("attachment-0", attachment)]), default);
            var point = await run.SealAsync();
            await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
            var item = await reader.FindAsync($"mail-{size}", default);
            Assert.Equal(mime, await reader.ReadAllAsync(item!.Contents["mime"]));
            Assert.Equal(file, await reader.ReadAllAsync(item.Contents["attachment-0"]));
        }
        Assert.True(store.StoredBytes < 31_500 * 1.15, $"{store.StoredBytes} bytes are stored");
        Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task A_message_without_long_base64_text_is_stored_as_it_is()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using var run = await vault.BeginAsync();
        var mime = Message(AVault.Bytes(1, 900));
        Assert.Equal(await run.StoreAsync(mime, default), await run.StoreMailAsync(new MemoryStream(mime), default));
    }

    [Fact]
    public async Task Every_message_of_the_corpus_comes_back_byte_for_byte()
    {
        var parts = 0;
        foreach (var (name, bytes) in Corpus.Files("mail", int.MaxValue))
        {
            var (again, found, _) = await RoundTrip.OfAsync(bytes);
            Assert.True(bytes.AsSpan().SequenceEqual(again), $"{name}: not the same bytes again");
            parts += found.Count;
        }
        Console.WriteLine($"{parts} runs of base64 text were stored decoded.");
    }

    private static byte[] Message(byte[] file) => Encoding.ASCII.GetBytes(
        $"From: a@contoso.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\n"
        + $"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks)}\r\n--b--\r\n");
}
