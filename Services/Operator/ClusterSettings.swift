/// The private cluster's `renling.conf`, which its `postgresql.conf` includes.
enum ClusterSettings {
    static func text(socket: String, port: Int) -> String {
        let folder = socket.replacing("\"", with: "\"\"").replacing("'", with: "''")
        return """
            # Written by `renling dev up` at each start.
            listen_addresses = ''
            port = \(port)
            unix_socket_directories = '"\(folder)"'
            unix_socket_permissions = 0700
            max_connections = 200

            # What is acknowledged is kept.
            fsync = on
            synchronous_commit = on
            full_page_writes = on

            # For a development machine.
            shared_buffers = 256MB
            wal_compression = on
            max_wal_size = 2GB
            checkpoint_timeout = 15min
            random_page_cost = 1.1

            logging_collector = on
            log_directory = 'log'
            log_filename = 'postgres.log'
            log_rotation_age = 0
            log_rotation_size = 0
            log_line_prefix = '%m [%p] %a '
            log_checkpoints = off

            """
    }
}
