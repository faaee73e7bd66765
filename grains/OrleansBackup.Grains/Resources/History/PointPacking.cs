using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Resources.History;

/// <summary>A restore point in some 60 bytes. Every member has its place here; nothing is stored in this form.</summary>
internal sealed class PointPacking : IPacking<RestorePointSummary>
{
    public static void Write(BinaryWriter writer, RestorePointSummary element)
    {
        writer.Write7BitEncodedInt64(element.Sequence);
        writer.Write7BitEncodedInt(element.Day.DayNumber);
        writer.WriteMoment(element.StartedAt);
        writer.WriteMoment(element.SealedAt);
        writer.WriteGuid(element.Run.Value);
        foreach (var count in (ReadOnlySpan<long>)[element.Items, element.Folders, element.LogicalBytes, element.Debts])
            writer.Write7BitEncodedInt64(count);
        writer.Write(element.ComparedWithListing);
        writer.Write7BitEncodedInt(element.OwedUntil.DayNumber);
        writer.Write7BitEncodedInt(element.Lacks.Length);
        foreach (var part in element.Lacks)
        {
            writer.Write(part.Part);
            writer.Write(part.Reason);
        }
    }

    public static RestorePointSummary Read(BinaryReader reader) => new(
        reader.Read7BitEncodedInt64(), DateOnly.FromDayNumber(reader.Read7BitEncodedInt()), reader.ReadMoment(), reader.ReadMoment(), new RunId(reader.ReadGuid()),
        reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(),
        reader.ReadBoolean(), DateOnly.FromDayNumber(reader.Read7BitEncodedInt()))
    {
        Lacks = [.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => new LackingPart(reader.ReadString(), reader.ReadString()))],
    };
}
