using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Resources.History;

/// <summary>An ended run in some 70 bytes. Every member has its place here; nothing is stored in this form.</summary>
internal sealed class RunPacking : IPacking<RunRecord>
{
    public static void Write(BinaryWriter writer, RunRecord element)
    {
        var (progress, counts) = (element.Progress, element.Progress.Counts);
        writer.WriteGuid(progress.Run.Value);
        writer.Write7BitEncodedInt((int)progress.Reason);
        writer.Write7BitEncodedInt((int)progress.Outcome);
        writer.WriteMoment(progress.StartedAt);
        writer.WriteIfAny(progress.EndedAt, PackedFields.WriteMoment);
        foreach (var count in (ReadOnlySpan<long>)[counts.Added, counts.Changed, counts.PropertiesChanged, counts.Removed, counts.Failed, counts.Healed, counts.Folders,
            counts.DownloadedBytes, counts.Requests, counts.Throttled, counts.Segments])
            writer.Write7BitEncodedInt64(count);
        writer.Write7BitEncodedInt64(progress.ItemsExpected);
        writer.Write7BitEncodedInt64(progress.BytesExpected);
        writer.WriteIfAny(progress.ExpectedEnd, PackedFields.WriteMoment);
        writer.Write(progress.Step);
        writer.WriteText(progress.Problem);
        writer.Write7BitEncodedInt((int)progress.Cause);
        writer.Write7BitEncodedInt((int)progress.Fault);
        writer.WriteIfAny(element.SealedPoint, (to, sequence) => to.Write7BitEncodedInt64(sequence));
        writer.Write7BitEncodedInt(element.Warnings.Length);
        foreach (var warning in element.Warnings)
            writer.Write(warning);
    }

    public static RunRecord Read(BinaryReader reader)
    {
        var progress = new RunProgress(
            new RunId(reader.ReadGuid()), (RunReason)reader.Read7BitEncodedInt(), (RunOutcome)reader.Read7BitEncodedInt(), reader.ReadMoment(), reader.ReadIfAny(PackedFields.ReadMoment),
            new RunCounts(Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next()),
            Next(), "", null, FaultCause.None)
        {
            BytesExpected = Next(), ExpectedEnd = reader.ReadIfAny(PackedFields.ReadMoment),
        };
        progress = progress with { Step = reader.ReadString(), Problem = reader.ReadText(), Cause = (FaultCause)reader.Read7BitEncodedInt(), Fault = (FaultKind)reader.Read7BitEncodedInt() };
        var point = reader.ReadIfAny(from => from.Read7BitEncodedInt64());
        var warnings = ImmutableArray.CreateBuilder<string>(reader.Read7BitEncodedInt());
        while (warnings.Count < warnings.Capacity)
            warnings.Add(reader.ReadString());
        return new RunRecord(progress, point, warnings.MoveToImmutable());

        long Next() => reader.Read7BitEncodedInt64();
    }
}
