using System.Text;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Uploads that never hold the object whole: blocks go up one by one, and one request makes an object of them if its name is free.</summary>
/// <remarks>Source: Azure Storage REST, "Put Block" and "Put Block List". Blocks that nobody commits are dropped by the service after a week.</remarks>
public sealed partial class AzureBlobStore
{
    public async Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (length <= _options.BlockBytes)
        {
            var whole = new byte[length];
            await content.ReadExactlyAsync(whole, cancellation);
            return await PutIfAbsentAsync(name, whole, cancellation);
        }
        if (await GetLengthAsync(name, cancellation) is not null)
            return false;
        var blocks = new List<string>();
        var upload = Guid.NewGuid(); // blocks of two uploads of one name do not mix
        var buffer = new byte[_options.BlockBytes];
        for (var sent = 0L; sent < length;)
        {
            var block = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - sent));
            await content.ReadExactlyAsync(block, cancellation);
            blocks.Add(BlockId(upload, blocks.Count));
            await PutBlockAsync(name, blocks[^1], block, cancellation);
            sent += block.Length;
        }
        return await CommitBlocksAsync(name, blocks, null, cancellation);
    }

    private static string BlockId(Guid upload, int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{upload:N}-{number:d6}"));

    private Task<bool> PutBlockAsync(BlobName name, string block, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var md5 = TransferChecksum.Of(bytes.Span);
        return _client.SendAsync(HttpMethod.Put, name.Value, $"comp=block&blockid={Uri.EscapeDataString(block)}", request =>
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentMD5 = md5;
        }, (response, _, _) => Task.FromResult(response.IsSuccessStatusCode ? true : throw FailureOf(response, name)), cancellation);
    }

    private Task<bool> CommitBlocksAsync(BlobName name, List<string> blocks, DateTimeOffset? retainUntil, CancellationToken cancellation)
    {
        var list = $"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{string.Concat(blocks.Select(block => $"<Latest>{block}</Latest>"))}</BlockList>";
        var bytes = Encoding.UTF8.GetBytes(list);
        return CreateAsync(name, "comp=blocklist", request =>
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            AddRetention(request, retainUntil);
        }, cancellation);
    }
}
