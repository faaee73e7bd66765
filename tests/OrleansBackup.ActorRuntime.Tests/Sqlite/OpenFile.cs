using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.ActorRuntime.Tests.Sqlite;

/// <summary>A state file in a folder of its own, without any silo.</summary>
internal sealed class OpenFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("state-file-").FullName;
    private readonly Lock _opening = new();
    private SqliteStateFile? _file;

    public string Path => System.IO.Path.Combine(_folder, "deeper", "state.db");
    public SqliteStateFile File
    {
        get
        {
            lock (_opening)
                return _file ??= new SqliteStateFile(Options.Create(Settings));
        }
    }

    public SqliteStateOptions Settings => new() { Path = Path, LargestFileBytes = LargestFileBytes };
    public long? LargestFileBytes { get; init; }
    public SqliteGrainStorage Storage => new(File);
    public SqliteReminderTable Reminders => new(File);

    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>The files as a kill at this moment would leave them.</summary>
    public OpenFile CopyOfNow()
    {
        var copy = new OpenFile();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy.Path)!);
        string before;
        do
        {
            // First the file, then its log. A log that began anew in between makes the pair one that never was: once more.
            before = HeaderOfLog();
            System.IO.File.Copy(Path, copy.Path, overwrite: true);
            System.IO.File.Copy(Path + "-wal", copy.Path + "-wal", overwrite: true);
        }
        while (before != HeaderOfLog());
        return copy;

        string HeaderOfLog()
        {
            using var log = new FileStream(Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Span<byte> header = stackalloc byte[32];
            log.ReadExactly(header);
            return Convert.ToHexString(header);
        }
    }

    public string? Ask(string sql)
    {
        SystemSqlite.EnsureLoaded();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own text
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(_folder, recursive: true);
    }
}
