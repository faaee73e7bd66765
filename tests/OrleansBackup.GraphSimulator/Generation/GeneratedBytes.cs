using System.Buffers.Binary;
using System.Text;
using OrleansBackup.GraphSimulator.Content;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Attachment bytes made from a seed on every reading, so that nothing is held. Equal seeds give equal files.</summary>
public sealed class GeneratedBytes : AttachmentBytes
{
    private readonly ulong _seed;
    private readonly bool _isText;

    public GeneratedBytes(ulong seed)
    {
        _seed = seed;
        var random = new SeededRandom(seed);
        var kind = random.Below(4);
        _isText = kind == 0;
        (Extension, ContentType) = kind switch
        {
            0 => ("csv", "text/csv"),
            1 => ("pdf", "application/pdf"),
            2 => ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            _ => ("png", "image/png"),
        };
        Length = random.LogNormal(median: 40_000, sigma: 1.3, most: 2_500_000);
    }

    public string Extension { get; }
    public string ContentType { get; }
    public override int Length { get; }

    public override ReadOnlyMemory<byte> Read()
    {
        var bytes = new byte[Length];
        var random = new SeededRandom(_seed ^ 0x5555);
        if (_isText)
        {
            var text = Encoding.UTF8.GetBytes(Words.Paragraphs(ref random, Length, "\r\n"));
            text.AsSpan(0, Length).CopyTo(bytes);
            return bytes;
        }
        var at = 0;
        for (; at + 8 <= bytes.Length; at += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), random.Next());
        for (; at < bytes.Length; at++)
            bytes[at] = (byte)random.Next();
        return bytes;
    }
}
