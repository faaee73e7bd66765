using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Paging;

/// <summary>One page of a list or delta: its items as they were sent, each a slice of the answer, and where it goes on.</summary>
internal sealed record GraphPage(ImmutableArray<ReadOnlyMemory<byte>> Items, string? NextLink, string? DeltaLink)
{
    /// <summary>Cuts the answer into items without building a tree of all of it.</summary>
    /// <param name="json">Valid JSON.</param>
    public static GraphPage Read(ReadOnlyMemory<byte> json)
    {
        var items = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        string? next = null;
        string? delta = null;
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 128 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return new GraphPage([], null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            var isNext = reader.ValueTextEquals("@odata.nextLink"u8);
            var isDelta = reader.ValueTextEquals("@odata.deltaLink"u8);
            reader.Read();
            if (isValue && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    items.Add(json[start..(int)reader.BytesConsumed]);
                }
            }
            else if (reader.TokenType == JsonTokenType.String && (isNext || isDelta))
            {
                if (isNext) next = reader.GetString();
                else delta = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return new GraphPage(items.ToImmutable(), next, delta);
    }
}
