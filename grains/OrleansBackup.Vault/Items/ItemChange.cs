using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Items;

/// <summary>What became of one item: a new version, or (null) gone.</summary>
internal readonly record struct ItemChange(string Id, ItemVersion? Version)
{
    private const byte Gone = 0, Upserted = 1;

    public void WriteTo(FieldWriter writer)
    {
        writer.Byte(Version is null ? Gone : Upserted);
        if (Version is null)
            writer.Text(Id);
        else
            ItemEncoding.Write(writer, Version);
    }

    public static ItemChange Read(ref FieldReader reader)
    {
        switch (reader.Byte())
        {
            case Gone:
                return new(reader.Text(), null);
            case Upserted:
                var item = ItemEncoding.ReadItem(ref reader);
                return new(item.Id, item);
            default:
                throw new InvalidDataException("a change is neither a version nor a removal");
        }
    }
}
