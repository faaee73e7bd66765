namespace OrleansBackup.Grains.Resources.History;

/// <summary>Values that packed elements are made of, as short as they can be read back exactly.</summary>
internal static class PackedFields
{
    private const int GuidBytes = 16;

    public static void WriteGuid(this BinaryWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[GuidBytes];
        value.TryWriteBytes(bytes);
        writer.Write(bytes);
    }

    public static Guid ReadGuid(this BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[GuidBytes];
        reader.BaseStream.ReadExactly(bytes);
        return new Guid(bytes);
    }

    public static void WriteMoment(this BinaryWriter writer, DateTimeOffset value)
    {
        writer.Write(value.Ticks);
        writer.Write((short)value.TotalOffsetMinutes);
    }

    public static DateTimeOffset ReadMoment(this BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.FromMinutes(reader.ReadInt16()));

    public static void WriteText(this BinaryWriter writer, string? value)
    {
        writer.Write(value is not null);
        if (value is not null)
            writer.Write(value);
    }

    public static string? ReadText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    public static void WriteIfAny<T>(this BinaryWriter writer, T? value, Action<BinaryWriter, T> write)
        where T : struct
    {
        writer.Write(value.HasValue);
        if (value is { } some)
            write(writer, some);
    }

    public static T? ReadIfAny<T>(this BinaryReader reader, Func<BinaryReader, T> read)
        where T : struct => reader.ReadBoolean() ? read(reader) : null;
}
