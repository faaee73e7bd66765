using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Exports;

/// <summary>The opaque form in which an item leaves the mailbox and comes back: all that it is, whatever the other interfaces show of it.</summary>
/// <remarks>
/// Deterministic: an equal state gives equal bytes. Neither the folder nor ids are in it. Bytes of attachments stand in it as they are, so that it has the size and
/// the sameness of the real thing. A check at its end refuses what was changed on the way.
/// </remarks>
internal static class ItemStream
{
    private const int CheckBytes = 32;

    private static ReadOnlySpan<byte> Magic => "SIMFTS01"u8;

    public static byte[] Of(MessageVersion message) => Write(new Stored(new StoredMessage(message.CreatedAt, message.ReceivedAt, message.SentAt, message.IsRead, message.IsDraft,
        message.Flag, [.. message.Categories], message.Importance, message.InferenceClassification, message.Content), null));

    public static byte[] Of(ItemVersion item) => Write(new Stored(null, new StoredItem(item.Item.Kind, item.CreatedAt, item.Properties,
        new SortedDictionary<string, string>(item.Extended.ToDictionary(), StringComparer.Ordinal), [.. item.Attachments], item.Photo is { } photo ? new HeldBytes(photo) : null,
        [.. item.Exceptions.Select(pair => new StoredException(pair.Key, pair.Value.Changes, [.. pair.Value.Attachments]))], [.. item.Cancelled])));

    /// <exception cref="GraphErrorException">400: it is none, or was changed.</exception>
    public static Stored Read(ReadOnlySpan<byte> stream)
    {
        if (stream.Length < Magic.Length + 8 + CheckBytes || !stream.StartsWith(Magic) || !SHA256.HashData(stream[..^CheckBytes]).AsSpan().SequenceEqual(stream[^CheckBytes..]))
            throw new GraphErrorException(400, "ErrorCorruptData", "The data of the item is corrupt.");
        stream = stream[Magic.Length..];
        var json = Take(ref stream);
        var blobs = new List<ReadOnlyMemory<byte>>(BinaryPrimitives.ReadInt32BigEndian(stream));
        stream = stream[4..];
        while (blobs.Count < blobs.Capacity && stream.Length > CheckBytes)
            blobs.Add(Take(ref stream).ToArray());
        return JsonSerializer.Deserialize<Stored>(json, OptionsFor(blobs))!;
    }

    private static byte[] Write(Stored stored)
    {
        var blobs = new List<ReadOnlyMemory<byte>>();
        var json = JsonSerializer.SerializeToUtf8Bytes(stored, OptionsFor(blobs));
        using var stream = new MemoryStream();
        stream.Write(Magic);
        Put(stream, json);
        WriteNumber(stream, blobs.Count);
        foreach (var blob in blobs)
            Put(stream, blob.Span);
        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    private static void Put(MemoryStream stream, ReadOnlySpan<byte> bytes)
    {
        WriteNumber(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteNumber(MemoryStream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        stream.Write(bytes);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> stream)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(stream);
        var taken = stream.Slice(4, length);
        stream = stream[(4 + length)..];
        return taken;
    }

    private static JsonSerializerOptions OptionsFor(List<ReadOnlyMemory<byte>> blobs) => new()
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 128,
        Converters = { new BytesConverter(blobs), new ContentConverter(blobs) },
    };

    /// <summary>Bytes stand beside the JSON; in it is their number.</summary>
    private sealed class BytesConverter(List<ReadOnlyMemory<byte>> blobs) : JsonConverter<AttachmentBytes>
    {
        public override AttachmentBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new HeldBytes(blobs[reader.GetInt32()]);

        public override void Write(Utf8JsonWriter writer, AttachmentBytes value, JsonSerializerOptions options)
        {
            writer.WriteNumberValue(blobs.Count);
            blobs.Add(value.Read());
        }
    }

    private sealed class ContentConverter(List<ReadOnlyMemory<byte>> blobs) : JsonConverter<MessageContent>
    {
        public override MessageContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var stored = JsonSerializer.Deserialize<StoredContent>(ref reader, options)!;
            return stored.Mime is { } mime ? new MimeContent(blobs[mime]) : new ComposedContent(stored.Detail!, stored.Seed, stored.Received, stored.Extended!);
        }

        public override void Write(Utf8JsonWriter writer, MessageContent value, JsonSerializerOptions options)
        {
            if (value is MimeContent)
            {
                JsonSerializer.Serialize(writer, new StoredContent(blobs.Count, null, 0, null, null), options);
                blobs.Add(value.ToMime());
                return;
            }
            var composed = value as ComposedContent ?? ((Generation.GeneratedContent)value).ToComposed();
            var extended = new SortedDictionary<string, string>(composed.ExtendedProperties.ToDictionary(), StringComparer.Ordinal);
            JsonSerializer.Serialize(writer, new StoredContent(null, composed.Detail, composed.Seed, composed.Received, extended), options);
        }
    }

    private sealed record StoredContent(int? Mime, MessageDetail? Detail, ulong Seed, string? Received, SortedDictionary<string, string>? Extended);
}

/// <summary>What a stream holds: one of the two.</summary>
internal sealed record Stored(StoredMessage? Message, StoredItem? Item);

internal sealed record StoredMessage(DateTimeOffset CreatedAt, DateTimeOffset ReceivedAt, DateTimeOffset SentAt, bool IsRead, bool IsDraft, FollowupFlag Flag,
    IReadOnlyList<string> Categories, string Importance, string InferenceClassification, MessageContent Content);

internal sealed record StoredItem(ItemKind Kind, DateTimeOffset CreatedAt, JsonObject Properties, SortedDictionary<string, string> Extended,
    IReadOnlyList<ItemAttachment> Attachments, AttachmentBytes? Photo, IReadOnlyList<StoredException> Exceptions, IReadOnlyList<DateOnly> Cancelled);

internal sealed record StoredException(DateOnly Day, JsonObject Changes, IReadOnlyList<ItemAttachment> Attachments);
